using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;
using Ambient.Kube.Resources.Discovery;
using Ambient.Kube.Resources.Gateways;
using Ambient.Kube.Resources.Networking;
using Ambient.Kube.Resources.Security;

namespace Ambient.Kube.Json;

/// <summary>The two ways in which objects are read: whole, to be written back, and trimmed, to be looked at.</summary>
internal static class KubernetesJson
{
    /// <summary>Unknown fields are kept; what is empty is not written.</summary>
    public static JsonSerializerOptions Whole { get; } = Build([], OmitEmpty);

    /// <summary>Unknown fields are skipped, and equal strings and maps are held once.</summary>
    public static JsonSerializerOptions Trimmed { get; } = BuildTrimmed();

    public static JsonTypeInfo<T> WholeOf<T>() => (JsonTypeInfo<T>)Whole.GetTypeInfo(typeof(T));

    public static JsonTypeInfo<T> TrimmedOf<T>() => (JsonTypeInfo<T>)Trimmed.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions BuildTrimmed()
    {
        SharedStrings strings = new();
        SharedMapConverter annotations = new(strings, IsMeshAnnotation);
        return Build(
            [new SharedStringConverter(strings), new SharedMapConverter(strings, static _ => true)],
            type => Trim(type, annotations));
    }

    private static JsonSerializerOptions Build(JsonConverter[] converters, Action<JsonTypeInfo> modifier)
    {
        JsonSerializerOptions options = new(KubernetesJsonContext.Default.Options)
        {
            TypeInfoResolver = KubernetesJsonContext.Default.WithAddedModifier(modifier),
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        foreach (JsonConverter converter in converters.Concat(ArrayConverters))
        {
            options.Converters.Add(converter);
        }

        options.MakeReadOnly();
        return options;
    }

    private static JsonConverter[] ArrayConverters =>
    [
        new ArrayConverter<AccessCondition>(),
        new ArrayConverter<AccessRule>(),
        new ArrayConverter<CertificateReference>(),
        new ArrayConverter<Condition>(),
        new ArrayConverter<Container>(),
        new ArrayConverter<ContainerPort>(),
        new ArrayConverter<GatewayAddress>(),
        new ArrayConverter<LabelRequirement>(),
        new ArrayConverter<Listener>(),
        new ArrayConverter<ListenerStatus>(),
        new ArrayConverter<OperationClause>(),
        new ArrayConverter<OwnerReference>(),
        new ArrayConverter<PodAddress>(),
        new ArrayConverter<PolicyTarget>(),
        new ArrayConverter<RouteKind>(),
        new ArrayConverter<ServiceEntryAddress>(),
        new ArrayConverter<ServiceEntryPort>(),
        new ArrayConverter<ServicePort>(),
        new ArrayConverter<SliceEndpoint>(),
        new ArrayConverter<SlicePort>(),
        new ArrayConverter<SourceClause>(),
        new ArrayConverter<WorkloadEntrySpec>(),
        new ArrayConverter<string>(),
    ];

    internal static void OmitEmpty(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (property.IsExtensionData)
            {
                continue;
            }

            // Where absence is a value of its own, zero and false say something.
            property.ShouldSerialize = Nullable.GetUnderlyingType(property.PropertyType) is null
                ? static (_, value) => value is not (null or "" or false or 0 or 0L or 0u or ICollection { Count: 0 })
                : static (_, value) => value is not null;
        }
    }

    private static void Trim(JsonTypeInfo type, JsonConverter annotations)
    {
        OmitEmpty(type);
        for (int index = type.Properties.Count - 1; index >= 0; index--)
        {
            JsonPropertyInfo property = type.Properties[index];
            if (property.IsExtensionData)
            {
                type.Properties.RemoveAt(index);
            }
            else if (type.Type == typeof(ObjectMeta) && property.Name == "annotations")
            {
                property.CustomConverter = annotations;
            }
        }
    }

    // Annotations hold whole documents (what was last applied, bills of material): only those that the mesh reads are worth their memory.
    private static bool IsMeshAnnotation(string key)
    {
        int slash = key.IndexOf('/');
        return slash > 0 && key.AsSpan(0, slash).EndsWith("istio.io");
    }
}
