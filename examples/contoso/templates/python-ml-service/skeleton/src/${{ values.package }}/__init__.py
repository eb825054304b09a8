# ${{ values.description }}
