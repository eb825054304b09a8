// Portico on Azure Container Apps with PostgreSQL Flexible Server, in a network of its own.
//
//   az deployment group create --resource-group rg-portico \
//     --template-file deploy/azure/main.bicep \
//     --parameters registryName=crcontoso image=crcontoso.azurecr.io/portico:0.1.0
//
// Secrets are asked for, kept in Key Vault, and read from there by the app's identity.

targetScope = 'resourceGroup'

@description('Names and labels everything; lower case letters and digits.')
@minLength(3)
@maxLength(12)
param name string = 'portico'

param location string = resourceGroup().location

@description('An existing container registry in this resource group.')
param registryName string

@description('The image to run, with its tag.')
param image string

@description('Reachable from the internet. Leave off until people can sign in.')
param external bool = false

@description('Where browsers reach the portal.')
param baseUrl string = 'http://localhost:3000'

@secure()
@minLength(20)
param postgresPassword string

@secure()
@minLength(32)
@description('For programs that call the API.')
param porticoToken string

@secure()
@description('Reads repositories on GitHub; empty when there are none.')
param githubToken string = ''

@secure()
@description('Reads repositories on Azure DevOps; empty when there are none.')
param azureDevOpsPat string = ''

@secure()
@description('The secret of the webhooks on GitHub; empty keeps that door closed.')
param githubWebhookSecret string = ''

@secure()
@description('The password of the service hooks on Azure DevOps, user name portico; empty keeps that door closed.')
param azureDevOpsWebhookPassword string = ''

var suffix = uniqueString(resourceGroup().id, name)
var databaseUser = 'portico'
var tags = {
  application: 'portico'
}

// Empty secrets cannot be stored, and need not be.
var optionalSecrets = filter(
  [
    { name: 'github-token', env: 'GITHUB_TOKEN', value: githubToken }
    { name: 'azure-devops-pat', env: 'AZURE_DEVOPS_PAT', value: azureDevOpsPat }
    { name: 'github-webhook', env: 'GITHUB_WEBHOOK_SECRET', value: githubWebhookSecret }
    { name: 'azure-devops-webhook', env: 'AZURE_DEVOPS_WEBHOOK_PASSWORD', value: azureDevOpsWebhookPassword }
  ],
  secret => !empty(secret.value)
)
var secrets = concat(
  [
    { name: 'postgres-password', env: 'POSTGRES_PASSWORD', value: postgresPassword }
    { name: 'portico-token', env: 'PORTICO_TOKEN', value: porticoToken }
  ],
  optionalSecrets
)

var keyVaultSecretsUser = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '4633458b-17de-408a-b874-0445c86b69e6'
)
var acrPull = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '7f951dda-4ed3-4680-a7ca-43fe172d538d'
)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-${name}'
  location: location
  tags: tags
}

// Network ------------------------------------------------------------------------------------

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-${name}'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: ['10.40.0.0/22']
    }
    subnets: [
      {
        name: 'apps'
        properties: {
          addressPrefix: '10.40.0.0/23'
          delegations: [
            {
              name: 'apps'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'database'
        properties: {
          addressPrefix: '10.40.2.0/28'
          delegations: [
            {
              name: 'database'
              properties: {
                serviceName: 'Microsoft.DBforPostgreSQL/flexibleServers'
              }
            }
          ]
        }
      }
    ]
  }

  resource apps 'subnets' existing = {
    name: 'apps'
  }

  resource database 'subnets' existing = {
    name: 'database'
  }
}

resource databaseZone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: '${name}.private.postgres.database.azure.com'
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: 'vnet-${name}'
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: network.id
      }
    }
  }
}

// Database -----------------------------------------------------------------------------------

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-${name}-${suffix}'
  location: location
  tags: tags
  sku: {
    name: 'Standard_B1ms'
    tier: 'Burstable'
  }
  properties: {
    version: '15'
    administratorLogin: databaseUser
    administratorLoginPassword: postgresPassword
    storage: {
      storageSizeGB: 32
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: 14
      geoRedundantBackup: 'Disabled'
    }
    network: {
      delegatedSubnetResourceId: network::database.id
      privateDnsZoneArmResourceId: databaseZone.id
    }
  }
  dependsOn: [databaseZone::link]

  resource database 'databases' = {
    name: 'portico'
    properties: {
      charset: 'UTF8'
      collation: 'en_US.utf8'
    }
  }
}

// Secrets ------------------------------------------------------------------------------------

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: take('kv-${name}-${suffix}', 24)
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enablePurgeProtection: true
    softDeleteRetentionInDays: 30
  }
}

resource vaultSecrets 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = [
  for secret in secrets: {
    parent: vault
    name: secret.name
    properties: {
      value: secret.value
    }
  }
]

resource readSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identity.id, keyVaultSecretsUser)
  scope: vault
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: keyVaultSecretsUser
  }
}

// Image --------------------------------------------------------------------------------------

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = {
  name: registryName
}

resource pullImage 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, identity.id, acrPull)
  scope: registry
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: acrPull
  }
}

// App ----------------------------------------------------------------------------------------

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

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: 'cae-${name}'
  location: location
  tags: tags
  properties: {
    vnetConfiguration: {
      infrastructureSubnetId: network::apps.id
      internal: !external
    }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: logs.properties.customerId
        sharedKey: logs.listKeys().primarySharedKey
      }
    }
  }
}

resource app 'Microsoft.App/containerApps@2025-07-01' = {
  name: 'ca-${name}'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: 3000
        transport: 'auto'
        allowInsecure: false
      }
      registries: [
        {
          server: registry.properties.loginServer
          identity: identity.id
        }
      ]
      secrets: concat(
        [
          {
            name: 'portico-yaml'
            value: loadTextContent('../portico.yaml')
          }
        ],
        map(secrets, secret => {
          name: secret.name
          keyVaultUrl: '${vault.properties.vaultUri}secrets/${secret.name}'
          identity: identity.id
        })
      )
    }
    template: {
      containers: [
        {
          name: 'portico'
          image: image
          env: concat(
            [
              { name: 'POSTGRES_HOST', value: server.properties.fullyQualifiedDomainName }
              { name: 'POSTGRES_USER', value: databaseUser }
              { name: 'PORTICO_BASE_URL', value: baseUrl }
              { name: 'AZURE_CLIENT_ID', value: identity.properties.clientId }
              {
                name: 'AZURE_DEVOPS_WEBHOOK_USER'
                value: empty(azureDevOpsWebhookPassword) ? '' : 'portico'
              }
            ],
            map(secrets, secret => { name: secret.env, secretRef: secret.name })
          )
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          probes: [
            {
              // Container Apps allows at most ten failures.
              type: 'Startup'
              httpGet: { path: '/healthz', port: 3000 }
              periodSeconds: 6
              failureThreshold: 10
            }
            {
              type: 'Liveness'
              httpGet: { path: '/healthz', port: 3000 }
              periodSeconds: 10
              failureThreshold: 3
            }
            {
              type: 'Readiness'
              httpGet: { path: '/readyz', port: 3000 }
              periodSeconds: 5
              failureThreshold: 2
            }
          ]
          volumeMounts: [
            { volumeName: 'config', mountPath: '/etc/portico' }
            { volumeName: 'data', mountPath: '/data' }
          ]
        }
      ]
      volumes: [
        {
          name: 'config'
          storageType: 'Secret'
          secrets: [
            { secretRef: 'portico-yaml', path: 'portico.yaml' }
          ]
        }
        {
          name: 'data'
          storageType: 'EmptyDir'
        }
      ]
      scale: {
        minReplicas: 2
        maxReplicas: 4
        rules: [
          {
            name: 'requests'
            http: {
              metadata: {
                concurrentRequests: '100'
              }
            }
          }
        ]
      }
    }
  }
  dependsOn: [readSecrets, pullImage, vaultSecrets, server::database]
}

output address string = 'https://${app.properties.configuration.ingress.fqdn}'
output identityClientId string = identity.properties.clientId
