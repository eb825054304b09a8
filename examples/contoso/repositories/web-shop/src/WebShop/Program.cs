var builder = WebApplication.CreateBuilder(args);

builder.AddRedisClient("basket-cache");
builder.Services.AddRazorComponents().AddInteractiveServerComponents();

var app = builder.Build();

app.MapGet("/healthz", () => Results.NoContent());

app.Run();
