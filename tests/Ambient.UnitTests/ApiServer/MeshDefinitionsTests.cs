using System.Text.Json.Nodes;
using Ambient.ApiServer.Schemas;
using Ambient.ApiServer.Serving;
using Ambient.ApiServer.Storage;
using Ambient.Kube.Resources;

namespace Ambient.UnitTests.ApiServer;

/// <summary>The files of deploy/crds against the records that the programs read with.</summary>
public sealed class MeshDefinitionsTests
{
    private static readonly KindCatalogue Kinds = Catalogue();

    [Fact]
    public void Every_kind_of_the_mesh_is_defined_where_the_client_looks_for_it()
    {
        Assert.All(
            [
                Place(KubernetesResources.ServiceEntries), Place(KubernetesResources.WorkloadEntries), Place(KubernetesResources.AuthorizationPolicies),
                Place(KubernetesResources.PeerAuthentications), Place(KubernetesResources.Gateways), Place(KubernetesResources.GatewayClasses),
            ],
            place =>
            {
                ServedKind kind = Kinds.Find(place.Group, place.Version, place.Plural)!;
                Assert.Equal((place.Kind, place.Namespaced), (kind.Kind, kind.Namespaced));
                Assert.True(kind.IsStoredVersion && kind.HasStatus && kind.Schema is not null);
            });
    }

    [Theory]
    [InlineData("networking.istio.io", "v1alpha3", "serviceentries")]
    [InlineData("networking.istio.io", "v1beta1", "workloadentries")]
    [InlineData("security.istio.io", "v1beta1", "authorizationpolicies")]
    [InlineData("security.istio.io", "v1beta1", "peerauthentications")]
    [InlineData("gateway.networking.k8s.io", "v1beta1", "gateways")]
    [InlineData("gateway.networking.k8s.io", "v1beta1", "gatewayclasses")]
    public void Older_versions_are_names_for_the_same_objects(string group, string version, string plural)
    {
        ServedKind kind = Kinds.Find(group, version, plural)!;

        Assert.Equal($"{group}/v1", kind.StoredApiVersion);
        Assert.Equal(Kinds.Find(group, "v1", plural)!.GroupResource, kind.GroupResource);
    }

    /// <summary>Every field that a record reads is one that the schema knows: else it would be dropped before it is read.</summary>
    [Fact]
    public void The_schemas_know_every_field_that_the_records_read()
    {
        AssertKnown(KubernetesResources.AuthorizationPolicies, """
            {"spec":{"action":"DENY","provider":{"name":"p"},"selector":{"matchLabels":{"a":"b"}},"targetRef":{"group":"","kind":"Service","name":"x","namespace":"n"},
            "targetRefs":[{"kind":"Service","name":"x"}],"rules":[{"from":[{"source":{"principals":["a"],"notPrincipals":["a"],"requestPrincipals":["a"],"notRequestPrincipals":["a"],
            "namespaces":["a"],"notNamespaces":["a"],"serviceAccounts":["a"],"notServiceAccounts":["a"],"ipBlocks":["a"],"notIpBlocks":["a"],"remoteIpBlocks":["a"],"notRemoteIpBlocks":["a"]}}],
            "to":[{"operation":{"hosts":["a"],"notHosts":["a"],"ports":["a"],"notPorts":["a"],"methods":["a"],"notMethods":["a"],"paths":["a"],"notPaths":["a"]}}],
            "when":[{"key":"k","values":["a"],"notValues":["b"]}]}]},"status":{"conditions":[{"type":"ZtunnelAccepted","status":"True","observedGeneration":1}]}}
            """);
        AssertKnown(KubernetesResources.PeerAuthentications, """{"spec":{"selector":{"matchLabels":{"a":"b"}},"mtls":{"mode":"STRICT"},"portLevelMtls":{"8080":{"mode":"PERMISSIVE"}}}}""");
        AssertKnown(KubernetesResources.ServiceEntries, """
            {"spec":{"hosts":["a"],"addresses":["10.0.0.0/8"],"ports":[{"name":"h","number":80,"protocol":"HTTP","targetPort":8080}],"location":"MESH_EXTERNAL","resolution":"DNS",
            "endpoints":[{"address":"1.2.3.4","ports":{"h":80},"labels":{"a":"b"},"network":"n","locality":"r/z","weight":3,"serviceAccount":"s"}],
            "workloadSelector":{"labels":{"a":"b"}},"exportTo":["*"],"subjectAltNames":["s"]},"status":{"addresses":[{"value":"240.0.0.1","host":"a"}]}}
            """);
        AssertKnown(KubernetesResources.WorkloadEntries, """{"spec":{"address":"1.2.3.4","ports":{"h":80},"labels":{"a":"b"},"network":"n","locality":"r","weight":1,"serviceAccount":"s"}}""");
        AssertKnown(KubernetesResources.GatewayClasses, """{"spec":{"controllerName":"istio.io/mesh-controller","description":"d","parametersRef":{"group":"g","kind":"k","name":"n","namespace":"s"}}}""");
        AssertKnown(KubernetesResources.Gateways, """
            {"spec":{"gatewayClassName":"istio-waypoint","addresses":[{"type":"IPAddress","value":"1.2.3.4"}],"infrastructure":{"labels":{"a":"b"},"annotations":{"a":"b"},"parametersRef":{"group":"g","kind":"k","name":"n"}},
            "listeners":[{"name":"mesh","hostname":"h","port":15008,"protocol":"HBONE","tls":{"mode":"Terminate","certificateRefs":[{"group":"","kind":"Secret","name":"n","namespace":"s"}],"options":{"a":"b"}},
            "allowedRoutes":{"namespaces":{"from":"Selector","selector":{"matchLabels":{"a":"b"},"matchExpressions":[{"key":"k","operator":"In","values":["v"]}]}},"kinds":[{"group":"g","kind":"k"}]}}]},
            "status":{"addresses":[{"type":"IPAddress","value":"1.2.3.4"}],"listeners":[{"name":"mesh","attachedRoutes":1,"supportedKinds":[],"conditions":[]}]}}
            """);
    }

    [Theory]
    [InlineData("security.istio.io", "authorizationpolicies", "{'spec':{'action':'ALOW'}}", "spec.action: Unsupported value: \"ALOW\"")]
    [InlineData("security.istio.io", "peerauthentications", "{'spec':{'mtls':{'mode':'strict'}}}", "spec.mtls.mode: Unsupported value")]
    [InlineData("security.istio.io", "authorizationpolicies", "{'spec':{'rules':[{'when':[{'values':['a']}]}]}}", "spec.rules[0].when[0].key: Required value")]
    [InlineData("security.istio.io", "authorizationpolicies", "{'spec':{'rules':[{'to':[{'operation':{'ports':[80]}}]}]}}", "spec.rules[0].to[0].operation.ports[0]: must be of type string")]
    [InlineData("networking.istio.io", "serviceentries", "{'spec':{'hosts':[]}}", "spec.hosts: must have at least 1 items")]
    [InlineData("networking.istio.io", "serviceentries", "{'spec':{'hosts':['a'],'ports':[{'name':'h','number':0}]}}", "spec.ports[0].number: must be at least 1")]
    [InlineData("networking.istio.io", "workloadentries", "{}", "spec: Required value")]
    [InlineData("gateway.networking.k8s.io", "gateways", "{'spec':{'gatewayClassName':'c'}}", "spec.listeners: Required value")]
    [InlineData("gateway.networking.k8s.io", "gateways", "{'spec':{'gatewayClassName':'c','listeners':[{'name':'m','port':15008}]}}", "spec.listeners[0].protocol: Required value")]
    [InlineData("gateway.networking.k8s.io", "gatewayclasses", "{'spec':{}}", "spec.controllerName: Required value")]
    public void What_an_operator_gets_wrong_is_an_error_that_names_the_field(string group, string plural, string value, string expected)
    {
        SchemaFindings findings = StructuralSchema.Check(Kinds.Find(group, "v1", plural)!.Schema!, Json.Of(value));

        Assert.Contains(findings.Causes, cause => $"{cause.Field}: {cause.Message}".StartsWith(expected, StringComparison.Ordinal));
    }

    private static void AssertKnown<T>(ResourceType<T> type, string text)
        where T : class, IKubernetesObject
    {
        JsonObject value = (JsonObject)JsonNode.Parse(text)!;

        SchemaFindings findings = StructuralSchema.Check(Kinds.Find(type.Group, type.Version, type.Plural)!.Schema!, value);

        Assert.Empty(findings.Unknown);
        Assert.Empty(findings.Causes);
    }

    private static (string Group, string Version, string Plural, string Kind, bool Namespaced) Place<T>(ResourceType<T> type)
        where T : class, IKubernetesObject => (type.Group, type.Version, type.Plural, type.Kind, type.Namespaced);

    private static KindCatalogue Catalogue()
    {
        KindCatalogue kinds = new();
        foreach (JsonObject definition in MeshDefinitions.Read())
        {
            kinds.Define(definition);
        }

        return kinds;
    }
}
