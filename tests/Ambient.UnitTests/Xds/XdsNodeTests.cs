using Ambient.Xds;
using Ambient.Xds.Messages;
using Google.Protobuf.WellKnownTypes;

namespace Ambient.UnitTests.Xds;

public sealed class XdsNodeTests
{
    private static readonly Dictionary<string, string> None = [];

    [Fact]
    public void An_unknown_address_is_1_1_1_1() =>
        Assert.Equal("ztunnel~1.1.1.1~p.n~n.svc.cluster.local", new XdsNode("p", "n", "", "", None, None).Id);

    [Fact]
    public void JSON_metadata_keeps_its_types_and_what_is_no_JSON_is_left_out()
    {
        XdsNode described = new("p", "n", "10.0.0.1", "node", new Dictionary<string, string> { ["K"] = "1" }, new Dictionary<string, string>
        {
            ["NULL"] = "null",
            ["BOOL"] = "true",
            ["NUMBER"] = "1.5",
            ["TEXT"] = "\"x\"",
            ["LIST"] = "[1,\"a\",[]]",
            ["OBJECT"] = "{\"a\":{\"b\":false}}",
            ["BROKEN"] = "{",
        });
        Node node = described.ToMessage();

        Assert.Equal("1", node.Metadata.Fields["K"].StringValue);
        Assert.Equal("10.0.0.1", node.Metadata.Fields["INSTANCE_IPS"].StringValue);
        Assert.Equal(Value.KindOneofCase.NullValue, node.Metadata.Fields["NULL"].KindCase);
        Assert.True(node.Metadata.Fields["BOOL"].BoolValue);
        Assert.Equal(1.5, node.Metadata.Fields["NUMBER"].NumberValue);
        Assert.Equal("x", node.Metadata.Fields["TEXT"].StringValue);
        Assert.Equal("a", node.Metadata.Fields["LIST"].ListValue.Values[1].StringValue);
        Assert.False(node.Metadata.Fields["OBJECT"].StructValue.Fields["a"].StructValue.Fields["b"].BoolValue);
        Assert.False(node.Metadata.Fields.ContainsKey("BROKEN"));
        Assert.Equal(["BROKEN"], described.UnreadableMetadata);
        Assert.Equal("", node.Cluster);
    }
}
