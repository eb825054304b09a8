using System.Net;
using Microsoft.AspNetCore.Mvc.Testing;
using Xunit;

namespace ${{ values.assembly }}.Tests;

public sealed class ServiceTests(WebApplicationFactory<Program> service) : IClassFixture<WebApplicationFactory<Program>>
{
    [Theory]
    [InlineData("/ping", HttpStatusCode.NoContent)]
    [InlineData("/healthz/live", HttpStatusCode.OK)]
    [InlineData("/openapi/v1.json", HttpStatusCode.OK)]
    public async Task The_service_answers(string path, HttpStatusCode expected)
    {
        using var client = service.CreateClient();
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(expected, answer.StatusCode);
    }
}
