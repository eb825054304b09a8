using Payments.Worker;

await Host.CreateDefaultBuilder(args)
    .ConfigureServices(services => services.AddHostedService<CaptureWorker>())
    .Build()
    .RunAsync();
