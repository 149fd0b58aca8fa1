using System.Text.Json.Serialization;
using Ambient.Kube.Configuration;

namespace Ambient.Kube.Resources;

/// <summary>How the client reads and writes what it needs itself.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApiGroupList))]
[JsonSerializable(typeof(ApiResourceList))]
[JsonSerializable(typeof(ApiStatus))]
[JsonSerializable(typeof(CustomResourceDefinition))]
[JsonSerializable(typeof(ExecCredentialRequest))]
[JsonSerializable(typeof(ExecCredentialResponse))]
[JsonSerializable(typeof(Lease))]
[JsonSerializable(typeof(ListMeta))]
[JsonSerializable(typeof(ObjectMeta))]
[JsonSerializable(typeof(TokenReview))]
[JsonSerializable(typeof(UntypedObject))]
internal sealed partial class ClientJson : JsonSerializerContext;
