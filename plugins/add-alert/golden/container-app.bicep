var tags = {}

@description('Who gets a mail when something is wrong.')
param alertEmail string = 'orders@contoso.example'

resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: 'ca-orders'
}

resource alertGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${uniqueString(resourceGroup().id)}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'service'
    emailReceivers: [
      {
        name: 'owner'
        emailAddress: alertEmail
        useCommonAlertSchema: true
      }
    ]
  }
}

resource errorsAlert 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${app.name}-errors'
  location: 'global'
  tags: tags
  properties: {
    description: 'More failed requests than usual.'
    enabled: true
    severity: 2
    scopes: [
      app.id
    ]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'errors'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.App/containerApps'
          metricName: 'Requests'
          operator: 'GreaterThan'
          threshold: 10
          timeAggregation: 'Total'
          dimensions: [
            {
              name: 'statusCodeCategory'
              operator: 'Include'
              values: [
                '5xx'
              ]
            }
          ]
        }
      ]
    }
    actions: [
      {
        actionGroupId: alertGroup.id
      }
    ]
  }
}

resource latencyAlert 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${app.name}-latency'
  location: 'global'
  tags: tags
  properties: {
    description: 'More slow answers than usual.'
    enabled: true
    severity: 2
    scopes: [
      app.id
    ]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'latency'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.App/containerApps'
          metricName: 'ResponseTime'
          operator: 'GreaterThan'
          threshold: 250
          timeAggregation: 'Average'
        }
      ]
    }
    actions: [
      {
        actionGroupId: alertGroup.id
      }
    ]
  }
}

resource restartsAlert 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${app.name}-restarts'
  location: 'global'
  tags: tags
  properties: {
    description: 'More restarts than usual.'
    enabled: true
    severity: 2
    scopes: [
      app.id
    ]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'restarts'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.App/containerApps'
          metricName: 'RestartCount'
          operator: 'GreaterThan'
          threshold: json('2.5')
          timeAggregation: 'Total'
        }
      ]
    }
    actions: [
      {
        actionGroupId: alertGroup.id
      }
    ]
  }
}
