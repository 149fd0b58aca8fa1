namespace Ambient.Kube.Resources;

/// <summary>An object of the Kubernetes API that has a name: what lists, watches and writes need to know of it.</summary>
public interface IKubernetesObject
{
    /// <summary>Group and version, such as <c>apps/v1</c>; empty inside a list, where the list says it.</summary>
    string ApiVersion { get; }

    /// <summary>The kind, such as <c>Pod</c>; empty inside a list, where the list says it.</summary>
    string Kind { get; }

    /// <summary>Name, namespace, labels and version.</summary>
    ObjectMeta Metadata { get; }
}
