using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Telemetry;

/// <summary><c>/metrics</c>.</summary>
public sealed class MetricsPage(IReadOnlyList<IMetricFamily> families)
{
    public const string Path = "/metrics";

    public string Text()
    {
        PrometheusText text = new();
        foreach (IMetricFamily family in families)
        {
            family.Write(text);
        }

        return text.ToString();
    }

    public Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = PrometheusText.ContentType;
        return context.Response.WriteAsync(Text(), context.RequestAborted);
    }
}
