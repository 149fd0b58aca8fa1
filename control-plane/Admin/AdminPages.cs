using System.Net;
using Ambient.ControlPlane.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Admin;

/// <summary>The one place where pages are registered: path and who answers.</summary>
public static class AdminPages
{
    public const string ReadyPath = "/ready";

    /// <summary>What the port for probes and people answers (8080).</summary>
    public static IReadOnlyDictionary<string, RequestDelegate> Http(ControlPlaneState state)
    {
        Dictionary<string, RequestDelegate> pages = new(StringComparer.Ordinal) { [ReadyPath] = context => AnswerReadyAsync(context, state) };
        IDebugPage[] debug =
        [
            new LivePage(() => state.Discovery.Connected, new ObjectResources(state.Cache, state.ClusterId, state.ClusterDomain), state.Applied, () => state.Findings),
            new ProxiesPage(() => state.Discovery.Proxies, state.Cache),
            new SynczPage(() => state.Discovery.Proxies, state.ClusterId),
            new ResourcesPage(state.Cache),
            new FindingsPage(() => state.Findings),
        ];
        foreach (IDebugPage page in debug)
        {
            pages[page.Path] = context => AnswerNearAsync(context, page);
        }

        return pages;
    }

    /// <summary>What the port for collectors answers (15014).</summary>
    public static IReadOnlyDictionary<string, RequestDelegate> Monitoring(ControlPlaneState state) => new Dictionary<string, RequestDelegate>(StringComparer.Ordinal)
    {
        [MetricsPage.Path] = new MetricsPage(state.Metrics).AnswerAsync,
    };

    /// <summary>The mesh is told to callers of this machine alone: nobody is asked who it is.</summary>
    private static Task AnswerNearAsync(HttpContext context, IDebugPage page) =>
        context.Connection.RemoteIpAddress is { } caller && IPAddress.IsLoopback(caller)
            ? page.ServeAsync(context)
            : JsonAnswer.RefuseAsync(context, StatusCodes.Status403Forbidden, "debug pages are for callers on loopback: forward the port first");

    private static Task AnswerReadyAsync(HttpContext context, ControlPlaneState state)
    {
        string waitsFor = state.WaitsFor;
        context.Response.StatusCode = waitsFor.Length == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(waitsFor.Length == 0 ? "ready\n" : $"not ready: waits for {waitsFor}\n", context.RequestAborted);
    }
}
