using Ambient.ControlPlane.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Admin;

/// <summary>The one place where pages are registered: path and who answers.</summary>
public static class AdminPages
{
    public const string ReadyPath = "/ready";

    /// <summary>What the port for probes and people answers (8080).</summary>
    public static IReadOnlyDictionary<string, RequestDelegate> Http(ControlPlaneState state) => new Dictionary<string, RequestDelegate>(StringComparer.Ordinal)
    {
        [ReadyPath] = context => AnswerReadyAsync(context, state),
    };

    /// <summary>What the port for collectors answers (15014).</summary>
    public static IReadOnlyDictionary<string, RequestDelegate> Monitoring(ControlPlaneState state) => new Dictionary<string, RequestDelegate>(StringComparer.Ordinal)
    {
        [MetricsPage.Path] = new MetricsPage(state.Metrics).AnswerAsync,
    };

    private static Task AnswerReadyAsync(HttpContext context, ControlPlaneState state)
    {
        string waitsFor = state.WaitsFor;
        context.Response.StatusCode = waitsFor.Length == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(waitsFor.Length == 0 ? "ready\n" : $"not ready: waits for {waitsFor}\n", context.RequestAborted);
    }
}
