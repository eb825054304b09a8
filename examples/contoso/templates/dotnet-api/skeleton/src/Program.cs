using Contoso.AspNet.Defaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddContosoDefaults();

var app = builder.Build();
app.UseContosoDefaults();

app.MapGet("/ping", () => Results.NoContent()).WithName("ping");

app.Run();
