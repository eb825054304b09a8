using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

public sealed class Function(ILogger<Function> logger)
{
    {%- if values.trigger == "service-bus" %}
    [Function("${{ values.name }}")]
    public void Run([ServiceBusTrigger("${{ values.topic }}", "${{ values.name }}", Connection = "ServiceBus")] string message)
    {
        logger.LogInformation("Received {Length} characters", message.Length);
    }
    {%- else %}
    [Function("${{ values.name }}")]
    public void Run([TimerTrigger("${{ values.schedule }}")] TimerInfo timer)
    {
        logger.LogInformation("Next run at {Next}", timer.ScheduleStatus?.Next);
    }
    {%- endif %}
}
