param environment string

@description('Name of the cache, unique in Azure.')
param redisName string = 'redis-${uniqueString(resourceGroup().id)}'

@description('Name of the Key Vault of this app.')
param keyVaultName string

@description('Object id of the managed identity of the app.')
param appPrincipalId string

resource keyVault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: keyVaultName
}

resource redis 'Microsoft.Cache/redis@2024-11-01' = {
  name: redisName
  location: resourceGroup().location
  properties: {
    sku: {
      name: 'Basic'
      family: 'C'
      capacity: 1
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
    objectId: appPrincipalId
    objectIdAlias: 'app'
  }
}

resource redisConnectionString 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: keyVault
  name: 'redis-connection-string'
  properties: {
    value: '${redis.properties.hostName}:${redis.properties.sslPort},password=${redis.listKeys().primaryKey},ssl=True,abortConnect=False'
  }
}

// Key Vault Secrets User, for this one secret.
resource redisSecretAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: redisConnectionString
  name: guid(redisConnectionString.id, appPrincipalId, '4633458b-17de-408a-b874-0445c86b69e6')
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')
  }
}

output redisConnectionStringReference string = '@Microsoft.KeyVault(SecretUri=${redisConnectionString.properties.secretUri})'
