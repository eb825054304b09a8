using Serilog;
{%- if values.hasDatabase %}
using ${{ values.assembly }}.Data;
{%- endif %}
using ${{ values.assembly }}.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSerilog((services, log) => log
    .ReadFrom.Configuration(builder.Configuration)
    .ReadFrom.Services(services));
builder.AddTelemetry();
builder.Services.AddOpenApi();
builder.Services.AddProblemDetails();
builder.Services.AddHealthChecks();
{%- if values.hasDatabase %}
builder.AddDatabase();
{%- endif %}
{%- if values.cache %}
builder.Services.AddStackExchangeRedisCache(options =>
    options.Configuration = builder.Configuration.GetConnectionString("Redis"));
{%- endif %}

var app = builder.Build();
app.UseExceptionHandler();
app.UseSerilogRequestLogging();
app.MapOpenApi();
app.MapHealth();

app.MapGet("/ping", () => Results.NoContent())
    .WithName("ping")
    .WithSummary("Says that the service is there");

app.Run();

/// <summary>Named so that tests can start the service.</summary>
public partial class Program;
