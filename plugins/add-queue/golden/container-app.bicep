param location string = resourceGroup().location

@description('Name of the Service Bus namespace, unique in Azure.')
param serviceBusName string = 'sb-${uniqueString(resourceGroup().id)}'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-orders'
  location: location
}

resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: 'ca-orders'
  properties: {
    template: {
      containers: [
        {
          name: 'app'
          env: [
            {
              name: 'ServiceBus__FullyQualifiedNamespace'
              value: '${serviceBusName}.servicebus.windows.net'
            }
          ]
        }
      ]
    }
  }
}

resource serviceBus 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: serviceBusName
  location: location
  sku: {
    name: 'Standard'
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }
}

// Azure Service Bus Data Owner, for this one namespace.
resource serviceBusAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: serviceBus
  name: guid(serviceBus.id, identity.id, '090c5cfd-751d-490a-894a-3ce6f1109419')
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '090c5cfd-751d-490a-894a-3ce6f1109419')
  }
}

resource orderPlacedTopic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: serviceBus
  name: 'order-placed'
  properties: {
    defaultMessageTimeToLive: 'P14D'
  }
}

resource orderPlacedSubscription 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = {
  parent: orderPlacedTopic
  name: 'orders'
  properties: {
    deadLetteringOnMessageExpiration: true
    maxDeliveryCount: 10
  }
}

resource orderPaidTopic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: serviceBus
  name: 'order-paid'
  properties: {
    defaultMessageTimeToLive: 'P14D'
  }
}
