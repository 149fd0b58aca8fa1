namespace Ambient.Kube.Configuration;

/// <summary>
/// Where the configuration comes from: the file that was asked for, else <c>KUBECONFIG</c> (a list; the first file that says something
/// wins), else the pod that we run in, else <c>~/.kube/config</c>.
/// </summary>
public sealed class ConfigurationSource
{
    private const string PathVariable = "KUBECONFIG";

    /// <summary>The file given by <c>--kubeconfig</c>; null when it was not given.</summary>
    public string? KubeconfigPath { get; init; }

    /// <summary>The context given by <c>--context</c>; null for the file's current one.</summary>
    public string? Context { get; init; }

    /// <summary>Where the kubelet puts a pod's token, authority and namespace.</summary>
    public string ServiceAccountDirectory { get; init; } = InClusterConfiguration.ServiceAccountDirectory;

    /// <summary>Reads a variable of the environment; tests give their own.</summary>
    public Func<string, string?> Environment { get; init; } = global::System.Environment.GetEnvironmentVariable;

    /// <exception cref="KubernetesConfigurationException">There is none, or it cannot be read.</exception>
    public KubernetesConfiguration Load(TimeProvider time)
    {
        if (KubeconfigPath is not null)
        {
            return FromFiles([KubeconfigPath], mustExist: true, time);
        }

        string[] listed = (Environment(PathVariable) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (listed.Length > 0)
        {
            return FromFiles(listed, mustExist: false, time);
        }

        if (Context is null && InClusterConfiguration.IsInCluster(Environment))
        {
            return InClusterConfiguration.Load(ServiceAccountDirectory, Environment, time);
        }

        string home = Path.Combine(Environment("HOME") ?? "", ".kube", "config");
        return File.Exists(home)
            ? FromFiles([home], mustExist: true, time)
            : throw new KubernetesConfigurationException(
                $"No cluster is configured: {PathVariable} is not set, this is not a pod and {home} does not exist. Give --kubeconfig or set {PathVariable}.");
    }

    private KubernetesConfiguration FromFiles(IReadOnlyList<string> paths, bool mustExist, TimeProvider time)
    {
        string[] existing = mustExist ? [.. paths] : [.. paths.Where(File.Exists)];
        if (existing.Length == 0)
        {
            throw new KubernetesConfigurationException($"No file that {PathVariable} names exists: {string.Join(", ", paths)}.");
        }

        return KubeconfigResolver.Resolve(Kubeconfig.Load(existing), Context, time);
    }
}
