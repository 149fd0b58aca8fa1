using System.Text;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Client;

/// <summary>Where objects are served.</summary>
internal static class RequestPath
{
    /// <summary>All objects of a kind, in one namespace or in all.</summary>
    public static string Collection<T>(ResourceType<T> type, string objectNamespace)
        where T : class, IKubernetesObject
    {
        string root = type.Group.Length == 0 ? $"api/{type.Version}" : $"apis/{type.Group}/{type.Version}";
        return type.Namespaced && objectNamespace.Length > 0
            ? $"{root}/namespaces/{Segment(objectNamespace, "namespace")}/{type.Plural}"
            : $"{root}/{type.Plural}";
    }

    /// <summary>One object, or a subresource of it.</summary>
    public static string Object<T>(ResourceType<T> type, ObjectName name, string subresource = "")
        where T : class, IKubernetesObject
    {
        if (type.Namespaced && name.Namespace.Length == 0)
        {
            throw new ArgumentException($"{type.Kind} {name.Name} needs a namespace.", nameof(name));
        }

        string path = $"{Collection(type, name.Namespace)}/{Segment(name.Name, "name")}";
        return subresource.Length == 0 ? path : $"{path}/{subresource}";
    }

    /// <summary>Adds a query; what is null or empty is left out.</summary>
    public static string WithQuery(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var text = new StringBuilder(path);
        char separator = '?';
        foreach ((string name, string? value) in parameters)
        {
            if (!string.IsNullOrEmpty(value))
            {
                text.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                separator = '&';
            }
        }

        return text.ToString();
    }

    /// <summary>A name must stay one segment of the path, whoever wrote it.</summary>
    private static string Segment(string name, string what) =>
        name.Length is 0 or > 253 || name is "." or ".." || name.Contains('/', StringComparison.Ordinal) || name.Contains('%', StringComparison.Ordinal)
            ? throw new ArgumentException($"'{name}' is not a {what} of a Kubernetes object.", nameof(name))
            : Uri.EscapeDataString(name);
}
