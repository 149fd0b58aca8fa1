using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ambient.Kube.Json;

namespace Ambient.Kube.Resources;

/// <summary>How the client's own objects are written: what is empty is left out, as with all others.</summary>
internal static class ClientJsonOptions
{
    public static JsonSerializerOptions Options { get; } = Build();

    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions Build()
    {
        JsonSerializerOptions options = new(ClientJson.Default.Options) { TypeInfoResolver = ClientJson.Default.WithAddedModifier(KubernetesJson.OmitEmpty) };
        options.MakeReadOnly();
        return options;
    }
}
