using System.Text.Json;
using ActorFlow.Node.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ActorFlow.Node.Hosting;

/// <summary>Answers <c>/health/live</c> and <c>/health/ready</c> with each check.</summary>
internal static class HealthEndpoint
{
    /// <summary>Writes a report.</summary>
    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var answer = new HealthAnswer(
            WordOf(report.Status),
            new(
                report.Entries.ToDictionary(entry => entry.Key, entry => new HealthEntry(WordOf(entry.Value.Status), entry.Value.Description)),
                StringComparer.Ordinal));
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, answer, ApiJson.Default.HealthAnswer, context.RequestAborted);
    }

    private static string WordOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
