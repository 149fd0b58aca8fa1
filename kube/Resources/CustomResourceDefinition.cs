namespace Ambient.Kube.Resources;

/// <summary>
/// That a kind was added to the cluster. Read alone, never written: the schema, most of its size, is skipped. Its name is plural and
/// group joined by a dot; whether it is served is for discovery to say.
/// </summary>
public sealed record CustomResourceDefinition : IKubernetesObject
{
    public static ResourceType<CustomResourceDefinition> Type { get; } = new(
        "apiextensions.k8s.io",
        "v1",
        "customresourcedefinitions",
        "CustomResourceDefinition",
        Namespaced: false,
        ClientJson.Default.CustomResourceDefinition);

    public string ApiVersion { get; init => field = value ?? ""; } = "";

    public string Kind { get; init => field = value ?? ""; } = "";

    public ObjectMeta Metadata { get; init => field = value ?? new ObjectMeta(); } = new();
}
