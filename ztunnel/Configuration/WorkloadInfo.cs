namespace Ambient.Ztunnel.Configuration;

/// <summary>Which pod is meant, before the mesh state is asked for the rest (node-proxy 2.2 step 4).</summary>
internal sealed record WorkloadInfo(string Name, string Namespace, string ServiceAccount)
{
    /// <summary>Reads <c>namespace/name/service-account</c>.</summary>
    public static WorkloadInfo? Parse(string text)
    {
        string[] parts = text.Split('/');
        return parts is [{ Length: > 0 } ns, { Length: > 0 } name, { Length: > 0 } account]
            ? new WorkloadInfo(name, ns, account)
            : null;
    }

    public override string ToString() => $"{Namespace}/{Name}/{ServiceAccount}";
}
