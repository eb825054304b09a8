using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace ${{ values.assembly }}.Hosting;

/// <summary>What the platform asks the service.</summary>
internal static class Health
{
    public static void MapHealth(this WebApplication app)
    {
        // Alive: the process answers. What it needs is not asked, or a restart would be the cure
        // for an outage elsewhere.
        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false });

        // Ready: what it needs answers, too.
        app.MapHealthChecks("/healthz/ready");
    }
}
