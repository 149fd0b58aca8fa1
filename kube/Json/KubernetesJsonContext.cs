using System.Text.Json.Serialization;
using Ambient.Kube.Resources.Core;
using Ambient.Kube.Resources.Discovery;
using Ambient.Kube.Resources.Gateways;
using Ambient.Kube.Resources.Networking;
using Ambient.Kube.Resources.Security;

namespace Ambient.Kube.Json;

/// <summary>How the objects are read and written, made at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Pod))]
[JsonSerializable(typeof(Service))]
[JsonSerializable(typeof(Node))]
[JsonSerializable(typeof(Namespace))]
[JsonSerializable(typeof(Secret))]
[JsonSerializable(typeof(ConfigMap))]
[JsonSerializable(typeof(ServiceAccount))]
[JsonSerializable(typeof(EndpointSlice))]
[JsonSerializable(typeof(ServiceEntry))]
[JsonSerializable(typeof(WorkloadEntry))]
[JsonSerializable(typeof(Gateway))]
[JsonSerializable(typeof(GatewayClass))]
[JsonSerializable(typeof(PeerAuthentication))]
[JsonSerializable(typeof(AuthorizationPolicy))]
internal sealed partial class KubernetesJsonContext : JsonSerializerContext;
