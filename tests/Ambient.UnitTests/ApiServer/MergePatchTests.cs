using System.Text.Json.Nodes;
using Ambient.ApiServer.Patching;

namespace Ambient.UnitTests.ApiServer;

/// <summary>RFC 7386; the first cases are those of its appendix A.</summary>
public sealed class MergePatchTests
{
    [Theory]
    [InlineData("{'a':'b'}", "{'a':'c'}", "{'a':'c'}")]
    [InlineData("{'a':'b'}", "{'b':'c'}", "{'a':'b','b':'c'}")]
    [InlineData("{'a':'b'}", "{'a':null}", "{}")]
    [InlineData("{'a':'b','b':'c'}", "{'a':null}", "{'b':'c'}")]
    [InlineData("{'a':['b']}", "{'a':'c'}", "{'a':'c'}")]
    [InlineData("{'a':'c'}", "{'a':['b']}", "{'a':['b']}")]
    [InlineData("{'a':{'b':'c'}}", "{'a':{'b':'d','c':null}}", "{'a':{'b':'d'}}")]
    [InlineData("{'a':[{'b':'c'}]}", "{'a':[1]}", "{'a':[1]}")]
    [InlineData("['a','b']", "['c','d']", "['c','d']")]
    [InlineData("{'a':'b'}", "['c']", "['c']")]
    [InlineData("{'a':'foo'}", "null", "null")]
    [InlineData("{'a':'foo'}", "'bar'", "'bar'")]
    [InlineData("{'e':null}", "{'a':1}", "{'e':null,'a':1}")]
    [InlineData("[1,2]", "{'a':'b','c':null}", "{'a':'b'}")]
    [InlineData("{}", "{'a':{'bb':{'ccc':null}}}", "{'a':{'bb':{}}}")]
    public void Merges_as_the_standard_says(string target, string patch, string expected) =>
        Json.AssertSame(expected, MergePatch.Apply(Json.Any(target), Json.Any(patch)));

    [Fact]
    public void The_same_patch_twice_changes_nothing_more_and_nothing_it_does_not_name()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            Random random = new(seed);
            JsonObject target = RandomJson.Object(random);
            JsonObject patch = RandomJson.Object(random, withNulls: true);
            JsonObject given = (JsonObject)patch.DeepClone();

            JsonObject once = (JsonObject)MergePatch.Apply(target.DeepClone(), patch)!;
            JsonNode? twice = MergePatch.Apply(once.DeepClone(), patch);

            Assert.True(JsonNode.DeepEquals(once, twice), $"seed {seed}");
            Assert.True(JsonNode.DeepEquals(given, patch), $"seed {seed}: the patch itself has changed");
            Assert.All(target.Where(field => !patch.ContainsKey(field.Key)), field => Assert.True(JsonNode.DeepEquals(field.Value, once[field.Key])));
            Assert.All(patch.Where(field => field.Value is null), field => Assert.False(once.ContainsKey(field.Key)));
        }
    }
}
