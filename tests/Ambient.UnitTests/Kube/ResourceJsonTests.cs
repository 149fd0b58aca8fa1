using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;
using Ambient.Kube.Resources.Discovery;
using Ambient.Kube.Resources.Security;

namespace Ambient.UnitTests.Kube;

public sealed class ResourceJsonTests
{
    public static TheoryData<string> RecordNames => [.. Records.Select(record => record.Name)];

    private static IEnumerable<Type> Records =>
        typeof(Pod).Assembly.GetTypes().Where(type => type.Namespace?.StartsWith("Ambient.Kube.Resources", StringComparison.Ordinal) == true
            && type is { IsClass: true, IsAbstract: false } && type.GetProperty("Other") is not null);

    [Fact]
    public void Fields_nobody_named_survive_at_every_level()
    {
        const string Text = """
            {"apiVersion":"v1","kind":"Pod","x":1,
             "metadata":{"name":"a","namespace":"b","managedFields":[{"manager":"m"}],"ownerReferences":[{"kind":"ReplicaSet","blockOwnerDeletion":true}]},
             "spec":{"nodeName":"n","tolerations":[{"key":"k"}],
                     "containers":[{"name":"c","image":"i","ports":[{"name":"http","containerPort":80,"hostIP":"1.2.3.4"}]}]},
             "status":{"phase":"Running","qosClass":"Burstable","podIPs":[{"ip":"10.0.0.1","y":null}],"conditions":[{"type":"Ready","status":"True","lastProbeTime":"z"}]}}
            """;

        string written = JsonSerializer.Serialize(JsonSerializer.Deserialize(Text, KubernetesResources.Pods.Json)!, KubernetesResources.Pods.Json);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Text), JsonNode.Parse(written)), written);
    }

    [Theory]
    [MemberData(nameof(RecordNames))]
    public void A_field_that_is_null_reads_as_an_absent_one(string name)
    {
        Type record = Records.Single(type => type.Name == name);
        JsonSerializerOptions options = KubernetesResources.Pods.Json.Options;
        options = options.TryGetTypeInfo(record, out _) ? options : ClientJsonOptions.Options;
        JsonObject nulls = [];
        foreach (JsonPropertyInfo property in options.GetTypeInfo(record).Properties.Where(property => MayBeNull(property.PropertyType)))
        {
            nulls[property.Name] = null;
        }

        object read = JsonSerializer.Deserialize(nulls.ToJsonString(), options.GetTypeInfo(record))!;

        JsonObject written = JsonNode.Parse(JsonSerializer.Serialize(read, options.GetTypeInfo(record)))!.AsObject();
        Assert.All(written, field => Assert.Equal("{}", field.Value!.ToJsonString()));
    }

    [Fact]
    public void What_is_empty_is_not_written()
    {
        Service service = new() { ApiVersion = "v1", Kind = "Service", Metadata = new ObjectMeta { Name = "a" } };

        Assert.Equal(
            """{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{},"status":{}}""",
            JsonSerializer.Serialize(service, KubernetesResources.Services.Json));
    }

    [Fact]
    public void A_false_or_zero_that_says_something_is_written()
    {
        EndpointSlice slice = new() { Endpoints = [new SliceEndpoint { Conditions = new EndpointConditions { Ready = false } }], Ports = [new SlicePort { Number = 0 }] };

        string text = JsonSerializer.Serialize(slice, KubernetesResources.EndpointSlices.Json);

        Assert.Contains("\"ready\":false", text, StringComparison.Ordinal);
        Assert.Contains("\"port\":0", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_without_fields_is_not_the_same_as_no_rule()
    {
        AuthorizationPolicy policy = JsonSerializer.Deserialize("""{"spec":{"rules":[{}]}}""", KubernetesResources.AuthorizationPolicies.Json)!;

        Assert.Single(policy.Spec.Rules);
        Assert.Contains("\"rules\":[{}]", JsonSerializer.Serialize(policy, KubernetesResources.AuthorizationPolicies.Json), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8080", 8080, null)]
    [InlineData("\"http\"", 0, "http")]
    public void A_target_port_is_a_number_or_a_name(string json, int number, string? name)
    {
        Service service = JsonSerializer.Deserialize("""{"spec":{"ports":[{"port":80,"targetPort":""" + json + "}]}}", KubernetesResources.Services.Json)!;

        Assert.Equal(new IntOrString(number, name), service.Spec.Ports[0].TargetPort);
        Assert.Contains($"\"targetPort\":{json}", JsonSerializer.Serialize(service, KubernetesResources.Services.Json), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"spec":{"ports":[{"targetPort":{}}]}}""")]
    [InlineData("""{"spec":{"ports":{}}}""")]
    [InlineData("""{"spec":{"ports":[null]}}""")]
    [InlineData("""{"metadata":{"labels":{"a":1}}}""")]
    [InlineData("""{"metadata":[]}""")]
    public void A_field_of_the_wrong_kind_is_refused_and_named(string json)
    {
        foreach (var type in new[] { KubernetesResources.Services.Json, KubernetesResources.Services.TrimmedJson })
        {
            JsonException refusal = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, type));
            Assert.StartsWith("$.", refusal.Path, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_trimmed_read_skips_what_is_unknown_and_shares_what_recurs()
    {
        const string Text = """
            {"metadata":{"name":"a","labels":{"app":"x"},"managedFields":[{}],
              "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}","ambient.istio.io/redirection":"enabled"}},
             "spec":{"nodeName":"node-1","containers":[{"name":"c","image":"i"}]}}
            """;

        Pod one = JsonSerializer.Deserialize(Text, KubernetesResources.Pods.TrimmedJson)!;
        Pod two = JsonSerializer.Deserialize(Text, KubernetesResources.Pods.TrimmedJson)!;

        Assert.Null(one.Metadata.Other);
        Assert.Null(one.Spec.Containers[0].Other);
        Assert.Equal(["ambient.istio.io/redirection"], one.Metadata.Annotations.Keys);
        Assert.Same(one.Spec.NodeName, two.Spec.NodeName);
        Assert.Same(one.Metadata.Labels, two.Metadata.Labels);
    }

    private static bool MayBeNull(Type type) => (!type.IsValueType && type != typeof(IDictionary<string, JsonElement>)) || Nullable.GetUnderlyingType(type) is not null
        || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>));
}
