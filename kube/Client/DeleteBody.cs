using System.Text.Json.Nodes;

namespace Ambient.Kube.Client;

/// <summary>The <c>DeleteOptions</c> object that a deletion sends.</summary>
internal static class DeleteBody
{
    public static JsonObject Of(DeleteOptions options)
    {
        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        var preconditions = new JsonObject();
        Set(preconditions, "uid", options.Uid);
        Set(preconditions, "resourceVersion", options.ResourceVersion);
        if (preconditions.Count > 0)
        {
            body["preconditions"] = preconditions;
        }

        Set(body, "propagationPolicy", options.PropagationPolicy);
        if (options.GracePeriodSeconds is { } seconds)
        {
            body["gracePeriodSeconds"] = seconds;
        }

        if (options.DryRun)
        {
            body["dryRun"] = new JsonArray("All");
        }

        return body;
    }

    private static void Set(JsonObject body, string field, string value)
    {
        if (value.Length > 0)
        {
            body[field] = value;
        }
    }
}
