targetScope = 'resourceGroup'

@allowed(['dev', 'prod'])
@description('The environment that is deployed.')
param environment string

@description('Where everything is.')
param location string = resourceGroup().location

@description('The group that administers the database, by its object id.')
param sqlAdministrators string

var name = 'orders-${environment}'
var tags = {
  owner: 'group:default/orders'
  system: 'system:default/ordering'
  'cost-center': 'CC-4103'
  environment: environment
}

// How far it scales. "Change scaling" in the portal edits these numbers.
var scale = {
  dev: {
    min: 1
    max: 1
  }
  prod: {
    min: 2
    max: 6
  }
}

resource keyVault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-${name}'
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    enableRbacAuthorization: true
    enablePurgeProtection: true
    sku: {
      family: 'A'
      name: 'standard'
    }
  }
}

resource plan 'Microsoft.Web/serverfarms@2023-12-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  sku: {
    name: environment == 'prod' ? 'P1v3' : 'B1'
  }
  properties: {
    reserved: true
  }
}

resource autoscale 'Microsoft.Insights/autoscaleSettings@2022-10-01' = if (environment == 'prod') {
  name: 'scale-${name}'
  location: location
  tags: tags
  properties: {
    enabled: true
    targetResourceUri: plan.id
    profiles: [
      {
        name: 'by processor'
        capacity: {
          minimum: string(scale[environment].min)
          maximum: string(scale[environment].max)
          default: string(scale[environment].min)
        }
        rules: [
          {
            metricTrigger: {
              metricName: 'CpuPercentage'
              metricResourceUri: plan.id
              timeGrain: 'PT1M'
              statistic: 'Average'
              timeWindow: 'PT10M'
              timeAggregation: 'Average'
              operator: 'GreaterThan'
              threshold: 70
            }
            scaleAction: {
              direction: 'Increase'
              type: 'ChangeCount'
              value: '1'
              cooldown: 'PT5M'
            }
          }
          {
            metricTrigger: {
              metricName: 'CpuPercentage'
              metricResourceUri: plan.id
              timeGrain: 'PT1M'
              statistic: 'Average'
              timeWindow: 'PT10M'
              timeAggregation: 'Average'
              operator: 'LessThan'
              threshold: 30
            }
            scaleAction: {
              direction: 'Decrease'
              type: 'ChangeCount'
              value: '1'
              cooldown: 'PT10M'
            }
          }
        ]
      }
    ]
  }
}

resource web 'Microsoft.Web/sites@2023-12-01' = {
  name: 'app-${name}'
  location: location
  tags: tags
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    siteConfig: {
      linuxFxVersion: 'DOTNETCORE|10.0'
      alwaysOn: environment == 'prod'
      minTlsVersion: '1.2'
      appSettings: [
        {
          name: 'PaymentProvider__Key'
          value: '@Microsoft.KeyVault(SecretUri=${paymentProviderKeySecret.properties.secretUri})'
        }
        {
          name: 'ASPNETCORE_ENVIRONMENT'
          value: environment == 'prod' ? 'Production' : 'Development'
        }
        {
          name: 'ConnectionStrings__Orders'
          value: 'Server=${sql.properties.fullyQualifiedDomainName};Database=orders;Authentication=Active Directory Default'
        }
      ]
    }
  }
}

resource sql 'Microsoft.Sql/servers@2023-08-01-preview' = {
  name: 'sql-${name}'
  location: location
  tags: tags
  properties: {
    minimalTlsVersion: '1.2'
    administrators: {
      administratorType: 'ActiveDirectory'
      azureADOnlyAuthentication: true
      login: 'orders'
      principalType: 'Group'
      sid: sqlAdministrators
    }
  }

  resource database 'databases' = {
    name: 'orders'
    location: location
    tags: tags
    sku: {
      name: environment == 'prod' ? 'GP_S_Gen5_4' : 'GP_S_Gen5_1'
    }
  }
}

output url string = 'https://${web.properties.defaultHostName}'

resource paymentProviderKeySecret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' existing = {
  parent: keyVault
  name: 'payment-provider-key'
}

// Key Vault Secrets User, for this one secret.
resource paymentProviderKeySecretAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: paymentProviderKeySecret
  name: guid(paymentProviderKeySecret.id, web.id, '4633458b-17de-408a-b874-0445c86b69e6')
  properties: {
    principalId: web.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')
  }
}
