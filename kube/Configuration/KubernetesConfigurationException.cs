namespace Ambient.Kube.Configuration;

/// <summary>How to reach the cluster cannot be read. The message names the file and the field, and what to write there.</summary>
public sealed class KubernetesConfigurationException : Exception
{
    public KubernetesConfigurationException(string message)
        : base(message)
    {
    }

    public KubernetesConfigurationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
