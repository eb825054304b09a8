{%- if values.database != 'sql' -%}
using Azure.Core;
using Azure.Identity;
{% endif -%}
using Microsoft.EntityFrameworkCore;
{%- if values.database == 'postgresql' %}
using Npgsql;
{%- endif %}

namespace ${{ values.assembly }}.Data;

/// <summary>The database, reached by the service's managed identity: there is no password.</summary>
internal static class Database
{
    public static void AddDatabase(this WebApplicationBuilder builder)
    {
        {%- if values.database == 'sql' %}
        builder.Services.AddDbContext<ServiceContext>(options =>
            options.UseSqlServer(
                builder.Configuration.GetConnectionString("Default"),
                server => server.EnableRetryOnFailure()));
        {%- elif values.database == 'postgresql' %}
        var source = new NpgsqlDataSourceBuilder(builder.Configuration.GetConnectionString("Default"));

        // In Azure the identity's token is the password.
        if (builder.Configuration["AZURE_CLIENT_ID"] is { Length: > 0 })
        {
            TokenCredential credential = new DefaultAzureCredential();
            source.UsePeriodicPasswordProvider(
                async (_, cancelled) =>
                    (await credential.GetTokenAsync(
                        new TokenRequestContext(["https://ossrdbms-aad.database.windows.net/.default"]),
                        cancelled)).Token,
                TimeSpan.FromMinutes(30),
                TimeSpan.FromSeconds(10));
        }

        builder.Services.AddSingleton(source.Build());
        builder.Services.AddDbContext<ServiceContext>((services, options) =>
            options.UseNpgsql(
                services.GetRequiredService<NpgsqlDataSource>(),
                server => server.EnableRetryOnFailure()));
        {%- else %}
        TokenCredential credential = new DefaultAzureCredential();
        builder.Services.AddDbContext<ServiceContext>(options =>
            options.UseCosmos(builder.Configuration["Cosmos:Endpoint"] ?? "https://localhost:8081", credential, "main"));
        {%- endif %}
        builder.Services.AddHealthChecks().AddDbContextCheck<ServiceContext>();
    }
}
