targetScope = 'resourceGroup'

@description('Where everything is.')
param location string = resourceGroup().location

@description('Name of the cache, unique in Azure.')
param redisName string = 'redis-${uniqueString(resourceGroup().id)}'

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: 'kv-orders'
}

resource web 'Microsoft.Web/sites@2023-12-01' = {
  name: 'orders-api'
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    siteConfig: {
      appSettings: [
        {
          name: 'ConnectionStrings__Redis'
          value: '@Microsoft.KeyVault(SecretUri=${redisConnectionString.properties.secretUri})'
        }
        {
          name: 'ASPNETCORE_ENVIRONMENT'
          value: 'Production'
        }
      ]
    }
  }
}

resource redis 'Microsoft.Cache/redis@2024-11-01' = {
  name: redisName
  location: location
  properties: {
    sku: {
      name: 'Standard'
      family: 'C'
      capacity: 2
    }
    enableNonSslPort: false
    minimumTlsVersion: '1.2'
    redisConfiguration: {
      'aad-enabled': 'true'
    }
  }
}

resource redisAccess 'Microsoft.Cache/redis/accessPolicyAssignments@2024-11-01' = {
  parent: redis
  name: 'app'
  properties: {
    accessPolicyName: 'Data Contributor'
    objectId: web.identity.principalId
    objectIdAlias: 'app'
  }
}

resource redisConnectionString 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'redis-connection-string'
  properties: {
    value: '${redis.properties.hostName}:${redis.properties.sslPort},password=${redis.listKeys().primaryKey},ssl=True,abortConnect=False'
  }
}

// Key Vault Secrets User, for this one secret.
resource redisSecretAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: redisConnectionString
  name: guid(redisConnectionString.id, web.id, '4633458b-17de-408a-b874-0445c86b69e6')
  properties: {
    principalId: web.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')
  }
}
