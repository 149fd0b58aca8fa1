using System.Text.Json.Nodes;
using Ambient.ApiServer;
using Ambient.ApiServer.Patching;

namespace Ambient.UnitTests.ApiServer;

/// <summary>RFC 6902; the first cases are those of its appendix A.</summary>
public sealed class JsonPatchTests
{
    [Theory]
    [InlineData("{'foo':'bar'}", "[{'op':'add','path':'/baz','value':'qux'}]", "{'baz':'qux','foo':'bar'}")]
    [InlineData("{'foo':['bar','baz']}", "[{'op':'add','path':'/foo/1','value':'qux'}]", "{'foo':['bar','qux','baz']}")]
    [InlineData("{'baz':'qux','foo':'bar'}", "[{'op':'remove','path':'/baz'}]", "{'foo':'bar'}")]
    [InlineData("{'foo':['bar','qux','baz']}", "[{'op':'remove','path':'/foo/1'}]", "{'foo':['bar','baz']}")]
    [InlineData("{'baz':'qux','foo':'bar'}", "[{'op':'replace','path':'/baz','value':'boo'}]", "{'baz':'boo','foo':'bar'}")]
    [InlineData("{'foo':{'bar':'baz','waldo':'fred'},'qux':{'corge':'grault'}}", "[{'op':'move','from':'/foo/waldo','path':'/qux/thud'}]", "{'foo':{'bar':'baz'},'qux':{'corge':'grault','thud':'fred'}}")]
    [InlineData("{'foo':['all','grass','cows','eat']}", "[{'op':'move','from':'/foo/1','path':'/foo/3'}]", "{'foo':['all','cows','eat','grass']}")]
    [InlineData("{'foo':'bar'}", "[{'op':'add','path':'/child','value':{'grandchild':{}}}]", "{'foo':'bar','child':{'grandchild':{}}}")]
    [InlineData("{'foo':['bar']}", "[{'op':'add','path':'/foo/-','value':['abc','def']}]", "{'foo':['bar',['abc','def']]}")]
    [InlineData("{'/':9,'~1':10}", "[{'op':'test','path':'/~01','value':10},{'op':'replace','path':'/~1','value':1}]", "{'/':1,'~1':10}")]
    [InlineData("{'a':{'b':1}}", "[{'op':'copy','from':'/a','path':'/c'},{'op':'replace','path':'/c/b','value':2}]", "{'a':{'b':1},'c':{'b':2}}")]
    [InlineData("{'a':1}", "[{'op':'replace','path':'','value':{'b':2}}]", "{'b':2}")]
    [InlineData("{'a':null}", "[{'op':'test','path':'/a','value':null},{'op':'add','path':'/a','value':1}]", "{'a':1}")]
    public void Changes_what_the_operations_say(string target, string patch, string expected) =>
        Json.AssertSame(expected, JsonPatch.Apply(Json.Of(target), Json.Any(patch)));

    [Theory]
    [InlineData("[{'op':'test','path':'/foo','value':'other'}]", 422)]
    [InlineData("[{'op':'add','path':'/none/x','value':1}]", 422)]
    [InlineData("[{'op':'remove','path':'/none'}]", 422)]
    [InlineData("[{'op':'replace','path':'/none','value':1}]", 422)]
    [InlineData("[{'op':'add','path':'/list/5','value':1}]", 422)]
    [InlineData("[{'op':'remove','path':'/list/-'}]", 422)]
    [InlineData("[{'op':'remove','path':'/list/01x'}]", 422)]
    [InlineData("[{'op':'remove','path':''}]", 422)]
    [InlineData("[{'op':'move','from':'/list','path':'/list/0'}]", 422)]
    [InlineData("[{'op':'paint','path':'/foo'}]", 400)]
    [InlineData("[{'op':'add','path':'foo','value':1}]", 400)]
    [InlineData("[{'op':'add','path':'/foo'}]", 400)]
    [InlineData("[{'path':'/foo'}]", 400)]
    [InlineData("[1]", 400)]
    [InlineData("{'op':'remove','path':'/foo'}", 400)]
    public void Refuses_what_cannot_be_done_and_leaves_the_object_alone(string patch, int code)
    {
        JsonObject target = Json.Of("{'foo':'bar','list':[1]}");

        ApiException error = Assert.Throws<ApiException>(() => JsonPatch.Apply(target, Json.Any(patch)));

        Assert.Equal(code, error.Code);
        Json.AssertSame("{'foo':'bar','list':[1]}", target);
    }

    [Fact]
    public void An_operation_that_fails_undoes_those_before_it()
    {
        JsonObject target = Json.Of("{'a':1}");

        Assert.Throws<ApiException>(() => JsonPatch.Apply(target, Json.Any("[{'op':'add','path':'/b','value':2},{'op':'test','path':'/a','value':9}]")));

        Json.AssertSame("{'a':1}", target);
    }

    [Fact]
    public void Whatever_is_replaced_is_there_and_nothing_else_has_changed()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            Random random = new(seed);
            JsonObject target = RandomJson.Object(random);
            string[] pointers = [.. RandomJson.Pointers(target)];
            if (pointers.Length == 0)
            {
                continue;
            }

            string path = pointers[random.Next(pointers.Length)];
            JsonNode done = JsonPatch.Apply(target, new JsonArray(
                new JsonObject { ["op"] = "copy", ["from"] = path, ["path"] = "/kept" },
                new JsonObject { ["op"] = "replace", ["path"] = path, ["value"] = "new" },
                new JsonObject { ["op"] = "test", ["path"] = path, ["value"] = "new" }));
            JsonNode undone = JsonPatch.Apply(done, new JsonArray(new JsonObject { ["op"] = "move", ["from"] = "/kept", ["path"] = path }));

            // Moved into a list it is inserted, not set: there the new value follows and goes.
            if (!JsonNode.DeepEquals(undone, target))
            {
                string next = path[..(path.LastIndexOf('/') + 1)] + (int.Parse(path[(path.LastIndexOf('/') + 1)..], System.Globalization.CultureInfo.InvariantCulture) + 1);
                undone = JsonPatch.Apply(undone, new JsonArray(new JsonObject { ["op"] = "remove", ["path"] = next }));
            }

            Assert.True(JsonNode.DeepEquals(undone, target), $"seed {seed}: {target.ToJsonString()} {path}: {undone.ToJsonString()}");
        }
    }
}
