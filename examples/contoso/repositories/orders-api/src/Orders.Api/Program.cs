using Contoso.AspNet.Defaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddContosoDefaults();

var app = builder.Build();
app.UseContosoDefaults();

app.MapGet("/orders/{id:int}", (int id) => new Order(id, "accepted")).WithName("get-order");

app.Run();

internal sealed record Order(int Id, string State);
