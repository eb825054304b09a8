// Everything that ${{ values.name }} has in one environment: an Azure Machine Learning workspace with
// what it needs, and machines to train on that are gone when nobody uses them.
targetScope = 'resourceGroup'

@allowed(['dev', 'prod'])
@description('The environment that is deployed.')
param environment string

@description('Where everything is.')
param location string = resourceGroup().location

var name = '${{ values.name }}-${environment}'
var suffix = uniqueString(resourceGroup().id)
var tags = {
  owner: '${{ values.owner }}'
  system: '${{ values.system }}'
  environment: environment
  'personal-data': '${{ 'yes' if values.personalData else 'no' }}'
}

// How many machines train at the same time. "Change scaling" in the portal edits these numbers.
var scale = {
  dev: {
    min: 0
    max: 1
  }
  prod: {
    min: 0
    max: 4
  }
}

// What training runs sign in as.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-${name}'
  location: location
  tags: tags
}

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-${name}'
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: 30
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${name}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: logs.id
  }
}

resource keyVault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-${suffix}'
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

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'st${suffix}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: environment == 'prod' ? 'Standard_ZRS' : 'Standard_LRS'
  }
  properties: {
    allowBlobPublicAccess: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

// Storage Blob Data Contributor.
resource storageAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage
  name: guid(storage.id, identity.id, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  }
}

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: 'cr${suffix}'
  location: location
  tags: tags
  sku: {
    name: 'Basic'
  }
  properties: {
    adminUserEnabled: false
  }
}

resource workspace 'Microsoft.MachineLearningServices/workspaces@2024-10-01' = {
  name: 'mlw-${name}'
  location: location
  tags: tags
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    friendlyName: '${{ values.name }} (${environment})'
    storageAccount: storage.id
    keyVault: keyVault.id
    applicationInsights: insights.id
    containerRegistry: registry.id
    hbiWorkspace: ${{ 'true' if values.personalData else 'false' }}
  }
}

// AzureML Data Scientist, in this workspace.
resource workspaceAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: workspace
  name: guid(workspace.id, identity.id, 'f6c7c914-8db3-469d-8ca1-694a8f32e121')
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f6c7c914-8db3-469d-8ca1-694a8f32e121')
  }
}

resource training 'Microsoft.MachineLearningServices/workspaces/computes@2024-10-01' = {
  parent: workspace
  name: 'training'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    computeType: 'AmlCompute'
    properties: {
      vmSize: '${{ 'Standard_NC4as_T4_v3' if values.compute == 'gpu' else 'Standard_DS3_v2' }}'
      vmPriority: environment == 'prod' ? 'Dedicated' : 'LowPriority'
      remoteLoginPortPublicAccess: 'Disabled'
      scaleSettings: {
        minNodeCount: scale[environment].min
        maxNodeCount: scale[environment].max
        nodeIdleTimeBeforeScaleDown: 'PT10M'
      }
    }
  }
}

output workspace string = workspace.name
output trackingUri string = workspace.properties.mlFlowTrackingUri
