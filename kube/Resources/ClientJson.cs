using System.Text.Json.Serialization;
using Ambient.Kube.Configuration;
using Ambient.Kube.Json;

namespace Ambient.Kube.Resources;

/// <summary>How the client reads and writes what it needs itself.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 128,
    Converters =
    [
        typeof(ArrayConverter<ApiGroup>),
        typeof(ArrayConverter<ApiGroupVersion>),
        typeof(ArrayConverter<ApiResource>),
        typeof(ArrayConverter<OwnerReference>),
        typeof(ArrayConverter<string>),
    ])]
[JsonSerializable(typeof(ApiGroup))]
[JsonSerializable(typeof(ApiGroupList))]
[JsonSerializable(typeof(ApiGroupVersion))]
[JsonSerializable(typeof(ApiResource))]
[JsonSerializable(typeof(ApiResourceList))]
[JsonSerializable(typeof(ApiStatus))]
[JsonSerializable(typeof(CustomResourceDefinition))]
[JsonSerializable(typeof(ExecCredentialRequest))]
[JsonSerializable(typeof(ExecCredentialResponse))]
[JsonSerializable(typeof(Lease))]
[JsonSerializable(typeof(ListMeta))]
[JsonSerializable(typeof(ObjectMeta))]
[JsonSerializable(typeof(OwnerReference))]
[JsonSerializable(typeof(TokenReview))]
[JsonSerializable(typeof(UntypedObject))]
internal sealed partial class ClientJson : JsonSerializerContext;
