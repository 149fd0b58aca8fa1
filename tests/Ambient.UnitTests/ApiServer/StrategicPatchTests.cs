using System.Text.Json.Nodes;
using Ambient.ApiServer.Patching;

namespace Ambient.UnitTests.ApiServer;

public sealed class StrategicPatchTests
{
    [Theory]
    [InlineData("{'containers':[{'name':'a','image':'1'},{'name':'b'}]}", "{'containers':[{'name':'a','image':'2'}]}", "{'containers':[{'name':'a','image':'2'},{'name':'b'}]}")]
    [InlineData("{'containers':[{'name':'a'}]}", "{'containers':[{'name':'b'}]}", "{'containers':[{'name':'a'},{'name':'b'}]}")]
    [InlineData("{'containers':[{'name':'a'},{'name':'b'}]}", "{'containers':[{'name':'a','$patch':'delete'}]}", "{'containers':[{'name':'b'}]}")]
    [InlineData("{'containers':[{'name':'a'}]}", "{'containers':[{'$patch':'replace'},{'name':'c'}]}", "{'containers':[{'name':'c'}]}")]
    [InlineData("{'ports':[{'port':80,'name':'http'}]}", "{'ports':[{'port':80,'name':'web'},{'port':443}]}", "{'ports':[{'port':80,'name':'web'},{'port':443}]}")]
    [InlineData("{'conditions':[{'type':'Ready','status':'False'}]}", "{'conditions':[{'type':'Ready','status':'True'}]}", "{'conditions':[{'type':'Ready','status':'True'}]}")]
    [InlineData("{'args':['a','b']}", "{'args':['c']}", "{'args':['c']}")]
    [InlineData("{'finalizers':['a','b','c']}", "{'$deleteFromPrimitiveList/finalizers':['b']}", "{'finalizers':['a','c']}")]
    [InlineData("{'strategy':{'type':'R','rolling':{}}}", "{'strategy':{'$retainKeys':['type'],'type':'X'}}", "{'strategy':{'type':'X'}}")]
    [InlineData("{'a':{'b':1,'c':2}}", "{'a':{'$patch':'replace','d':3}}", "{'a':{'d':3}}")]
    [InlineData("{'a':{'b':1}}", "{'a':{'$patch':'delete'}}", "{}")]
    [InlineData("{'a':{'b':1,'c':2}}", "{'a':{'b':null}}", "{'a':{'c':2}}")]
    [InlineData("{}", "{'metadata':{'labels':{'x':'1'}}}", "{'metadata':{'labels':{'x':'1'}}}")]
    public void Merges_named_things_by_their_name(string target, string patch, string expected)
    {
        JsonObject value = Json.Of(target);

        StrategicPatch.Apply(value, Json.Of(patch));

        Json.AssertSame(expected, value);
    }

    [Fact]
    public void The_same_patch_twice_changes_nothing_more()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            Random random = new(seed);
            JsonObject target = RandomJson.Object(random);
            JsonObject patch = RandomJson.Object(random, withNulls: true);
            JsonObject given = (JsonObject)patch.DeepClone();

            StrategicPatch.Apply(target, patch);
            JsonNode once = target.DeepClone();
            StrategicPatch.Apply(target, patch);

            Assert.True(JsonNode.DeepEquals(once, target), $"seed {seed}");
            Assert.True(JsonNode.DeepEquals(given, patch), $"seed {seed}: the patch itself has changed");
        }
    }
}
