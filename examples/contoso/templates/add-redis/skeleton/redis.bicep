param location string = resourceGroup().location

resource redis 'Microsoft.Cache/redisEnterprise@2025-04-01' = {
  name: 'redis-${{ values.name }}-${{ values.environment }}'
  location: location
  sku: {
    name: '${{ values.size }}'
  }
  properties: {
    minimumTlsVersion: '1.2'
  }
  tags: {
    owner: '${{ values.owner }}'
  }
}
