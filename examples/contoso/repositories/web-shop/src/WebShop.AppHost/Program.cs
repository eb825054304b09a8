var builder = DistributedApplication.CreateBuilder(args);

var cache = builder.AddRedis("basket-cache");
var database = builder.AddAzureSqlServer("sql").AddDatabase("shop-db");
var images = builder.AddAzureStorage("storage").AddBlobs("images");

builder.AddProject<Projects.WebShop>("shop")
    .WithReference(cache)
    .WithReference(database)
    .WithReference(images)
    .WithExternalHttpEndpoints();

builder.Build().Run();
