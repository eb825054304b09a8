resource keyVault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-orders'
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-orders'
}

resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: 'ca-orders'
  properties: {
    configuration: {
      secrets: [
        {
          name: 'payment-provider-key'
          keyVaultUrl: paymentProviderKeySecret.properties.secretUri
          identity: identity.id
        }
      ]
    }
    template: {
      containers: [
        {
          env: [
            {
              name: 'PaymentProvider__Key'
              secretRef: 'payment-provider-key'
            }
            {
              name: 'A'
              value: 'b'
            }
          ]
        }
      ]
    }
  }
}

resource paymentProviderKeySecret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' existing = {
  parent: keyVault
  name: 'payment-provider-key'
}

// Key Vault Secrets User, for this one secret.
resource paymentProviderKeySecretAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: paymentProviderKeySecret
  name: guid(paymentProviderKeySecret.id, identity.id, '4633458b-17de-408a-b874-0445c86b69e6')
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')
  }
}
