using System.Text.Json;
using Ambient.ControlPlane.Translation.Reports;
using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Admin;

/// <summary><c>/debug/findings</c>: everything of the objects of the cluster that the mesh does not honour.</summary>
/// <param name="findings">What is found now.</param>
public sealed class FindingsPage(Func<IReadOnlyList<Finding>> findings) : IDebugPage
{
    public string Path => "/debug/findings";

    public string Help => "what of the cluster's objects the mesh does not honour, why, and what to do";

    public Task ServeAsync(HttpContext context) => JsonAnswer.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        Write(json, findings());
        json.WriteEndObject();
    });

    /// <summary>The key <c>findings</c> of an object.</summary>
    internal static void Write(Utf8JsonWriter json, IEnumerable<Finding> findings)
    {
        json.WriteStartArray("findings");
        foreach (Finding finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("level", FindingLevels.Of(finding) == FindingLevel.Error ? "error" : "warning");
            json.WriteString("code", finding.Code);
            json.WriteString("kind", finding.Object.Kind.ToString());
            json.WriteString("namespace", finding.Object.Namespace);
            json.WriteString("name", finding.Object.Name);
            json.WriteString("message", finding.Message);
            if (finding.Condition is { } condition)
            {
                json.WriteString("condition", condition);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
