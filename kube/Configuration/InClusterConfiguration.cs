using System.Globalization;

namespace Ambient.Kube.Configuration;

/// <summary>The configuration of a pod: two variables and three files that the kubelet gives it.</summary>
public static class InClusterConfiguration
{
    public const string ServiceAccountDirectory = "/var/run/secrets/kubernetes.io/serviceaccount";

    private const string HostVariable = "KUBERNETES_SERVICE_HOST";
    private const string PortVariable = "KUBERNETES_SERVICE_PORT";
    private const int MaxFileBytes = 1024 * 1024;

    public static bool IsInCluster(Func<string, string?> environment) =>
        !string.IsNullOrEmpty(environment(HostVariable)) && !string.IsNullOrEmpty(environment(PortVariable));

    /// <param name="directory">Holds <c>token</c>, <c>ca.crt</c> and <c>namespace</c>.</param>
    /// <param name="environment">Reads a variable.</param>
    /// <param name="time">Tells when the token is to be read again.</param>
    /// <exception cref="KubernetesConfigurationException">A variable or file is missing or wrong.</exception>
    public static KubernetesConfiguration Load(string directory, Func<string, string?> environment, TimeProvider time)
    {
        string host = environment(HostVariable) is { Length: > 0 } name ? name : throw Missing(HostVariable);
        string port = environment(PortVariable) is { Length: > 0 } number ? number : throw Missing(PortVariable);
        if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort parsed) || Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            throw new KubernetesConfigurationException($"{HostVariable}={host} and {PortVariable}={port} are not the address of an API server.");
        }

        string authority = Path.Combine(directory, "ca.crt");
        string space = Path.Combine(directory, "namespace");
        return new KubernetesConfiguration(new UriBuilder("https", host, parsed).Uri)
        {
            Trust = ServerTrust.FromPem(ConfigurationFile.Read(authority, "certificate authority", MaxFileBytes), authority),
            Credentials = new TokenFileCredentials(Path.Combine(directory, "token"), time),
            Namespace = File.Exists(space)
                ? System.Text.Encoding.UTF8.GetString(ConfigurationFile.Read(space, "namespace file", MaxFileBytes)).Trim()
                : "default",
        };
    }

    private static KubernetesConfigurationException Missing(string variable) => new($"{variable} is not set: this does not run in a pod of a cluster.");
}
