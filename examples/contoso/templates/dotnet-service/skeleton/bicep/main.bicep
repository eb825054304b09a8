targetScope = 'resourceGroup'

@allowed(['dev', 'prod'])
@description('The environment that is deployed.')
param environment string

@description('Where everything is.')
param location string = resourceGroup().location
{%- if values.database %}

@description('The group that administers the database, by its object id.')
param sqlAdministrators string
{%- endif %}

var name = '${{ values.name }}-${environment}'
var tags = {
  owner: '${{ values.owner }}'
  system: '${{ values.system }}'
  {%- if values.costCenter %}
  'cost-center': '${{ values.costCenter }}'
  {%- endif %}
  environment: environment
}

resource keyVault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-${take(uniqueString(resourceGroup().id, name), 10)}'
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
      healthCheckPath: '/healthz'
      minTlsVersion: '1.2'
      appSettings: [
        {
          name: 'ASPNETCORE_ENVIRONMENT'
          value: environment == 'prod' ? 'Production' : 'Development'
        }
        {%- if values.database %}
        {
          name: 'ConnectionStrings__Default'
          value: 'Server=${sql.properties.fullyQualifiedDomainName};Database=main;Authentication=Active Directory Default'
        }
        {%- endif %}
      ]
    }
  }
}
{%- if values.database %}

resource sql 'Microsoft.Sql/servers@2023-08-01-preview' = {
  name: 'sql-${name}'
  location: location
  tags: tags
  properties: {
    minimalTlsVersion: '1.2'
    administrators: {
      administratorType: 'ActiveDirectory'
      azureADOnlyAuthentication: true
      login: '${{ values.owner | parseEntityRef({ defaultKind: 'group' }) | pick('name') }}'
      principalType: 'Group'
      sid: sqlAdministrators
    }
  }

  resource database 'databases' = {
    name: 'main'
    location: location
    tags: tags
    sku: {
      name: environment == 'prod' ? 'GP_S_Gen5_4' : 'GP_S_Gen5_1'
    }
  }
}
{%- endif %}

output url string = 'https://${web.properties.defaultHostName}'
