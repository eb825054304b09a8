using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddOpenApi();
builder.Services.AddHealthChecks();
builder.Services.AddOpenTelemetry()
    .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation().AddOtlpExporter())
    .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddOtlpExporter());

var app = builder.Build();
app.MapOpenApi();
app.MapHealthChecks("/healthz");
app.MapGet("/ping", () => Results.NoContent()).WithName("ping");

app.Run();

/// <summary>Named so that tests can start the service.</summary>
public partial class Program;
