using System.Collections.Immutable;

namespace Ambient.Kube.Configuration;

/// <summary>A program that makes credentials, as a kubeconfig describes it (client.authentication.k8s.io).</summary>
internal sealed record ExecPlugin
{
    private const string V1 = "client.authentication.k8s.io/v1";
    private const string V1Beta1 = "client.authentication.k8s.io/v1beta1";

    /// <summary>The file and field, for errors.</summary>
    public required string Origin { get; init; }

    public required string ApiVersion { get; init; }

    /// <summary>A path, or a name to be looked up in <c>PATH</c>.</summary>
    public required string Command { get; init; }

    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>What its environment has beside ours.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Printed when the program is not installed.</summary>
    public string? InstallHint { get; init; }

    /// <summary>Null unless <c>provideClusterInfo</c> is set.</summary>
    public ExecClusterInfo? Cluster { get; init; }

    /// <exception cref="KubernetesConfigurationException">A field is missing or wrong.</exception>
    public static ExecPlugin Read(KubeconfigSection exec, KubeconfigSection cluster)
    {
        string version = exec.Required("apiVersion");
        if (version is not (V1 or V1Beta1))
        {
            throw exec.ErrorAt("apiVersion", $"must be {V1} or {V1Beta1}");
        }

        if (exec.Text("interactiveMode") is { } mode && mode is not ("Never" or "IfAvailable"))
        {
            throw exec.ErrorAt("interactiveMode", mode == "Always" ? "is Always, but nobody can be asked here; use Never or IfAvailable" : "must be Never or IfAvailable");
        }

        string command = exec.Required("command");
        return new ExecPlugin
        {
            Origin = $"{exec.File}: {exec.Path}",
            ApiVersion = version,
            Command = command.Contains('/', StringComparison.Ordinal) ? exec.FilePath("command")! : command,
            Arguments = [.. exec.Texts("args")],
            Environment = [.. exec.Children("env").Select(variable => KeyValuePair.Create(variable.Required("name"), variable.Text("value") ?? ""))],
            InstallHint = exec.Text("installHint"),
            Cluster = exec.Flag("provideClusterInfo") ? ReadCluster(cluster) : null,
        };
    }

    private static ExecClusterInfo ReadCluster(KubeconfigSection cluster) => new()
    {
        Server = cluster.Required("server"),
        TlsServerName = cluster.Text("tls-server-name"),
        InsecureSkipTlsVerify = cluster.Flag("insecure-skip-tls-verify") ? true : null,
        CertificateAuthorityData = KubeconfigResolver.ReadInlineOrFile(cluster, "certificate-authority-data", "certificate-authority", out _),
        ProxyUrl = cluster.Text("proxy-url"),
    };
}
