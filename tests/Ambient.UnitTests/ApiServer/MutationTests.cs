using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.ApiServer;
using Ambient.ApiServer.Manifests;
using Ambient.ApiServer.Patching;
using Ambient.ApiServer.Schemas;
using Ambient.ApiServer.Selection;
using Ambient.ApiServer.Serving;
using Ambient.ApiServer.Storage;
using Ambient.Testing;
using Ambient.UnitTests.Kube;

namespace Ambient.UnitTests.ApiServer;

/// <summary>Good input of every reader of the API server, damaged at random: it is read or refused, and nothing else happens.</summary>
public sealed class MutationTests
{
    private const int Inputs = 5_000;

    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Damaged_YAML_is_read_or_refused_with_its_line() => Damage(
        "apiVersion: v1\nkind: Pod\nmetadata: &m {name: \"a\\n\", labels: {x: 'y'}}\nspec:\n  list:\n    - 0644\n    - |\n      text\n    - >-\n      folded\n  again: *m\n---\n? a\n: !!str b\n",
        text =>
        {
            try
            {
                Assert.All(YamlJson.Read(text), document => document.Value.ToJsonString());
            }
            catch (YamlFormatException error)
            {
                Assert.True(error.Line >= 0);
            }
        });

    [Fact]
    public void A_damaged_manifest_is_read_or_refused_with_its_file() => Damage(
        """{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Node","metadata":{"name":"a","namespace":"b"}}]}""",
        text => Refused<ManifestException>(() => ManifestFile.Read(Encoding.UTF8.GetBytes(text), "a.json"), error => Assert.StartsWith("a.json:", error.Message, StringComparison.Ordinal)));

    [Fact]
    public void A_damaged_JSON_patch_is_done_or_refused_and_leaves_its_target_alone()
    {
        JsonObject target = Json.Of("{'a':{'b':[1,2,{'c':3}]},'d~e':null}");
        string before = target.ToJsonString();
        DamageJson(
            "[{'op':'add','path':'/a/b/1','value':{'x':1}},{'op':'move','from':'/a/b/0','path':'/f'},{'op':'copy','from':'/a','path':'/a/g'},{'op':'test','path':'/d~0e','value':null},{'op':'remove','path':'/a/b'}]",
            patch =>
            {
                Refused<ApiException>(() => JsonPatch.Apply(target, patch), error => Assert.InRange(error.Code, 400, 499));
                Assert.Equal(before, target.ToJsonString());
            });
    }

    [Fact]
    public void A_damaged_merge_patch_is_done_and_done_again_without_change() => DamageJson("{'a':{'b':null,'c':[1]},'d':{'e':{'f':2}}}", patch =>
    {
        JsonNode? once = MergePatch.Apply(Json.Of("{'a':{'b':1},'d':3}"), patch);
        Assert.True(JsonNode.DeepEquals(once, MergePatch.Apply(once?.DeepClone(), patch)));
    });

    [Fact]
    public void A_damaged_strategic_patch_is_done() => DamageJson(
        "{'containers':[{'name':'a','$patch':'delete'},{'name':'c'}],'$deleteFromPrimitiveList/f':['x'],'s':{'$retainKeys':['t'],'t':1},'ports':[{'port':1}]}",
        patch =>
        {
            if (patch is JsonObject fields)
            {
                JsonObject target = Json.Of("{'containers':[{'name':'a'},{'name':'b'}],'f':['x','y'],'s':{'u':1},'ports':'none'}");
                StrategicPatch.Apply(target, fields);
                target.ToJsonString();
            }
        });

    [Fact]
    public void A_damaged_configuration_and_a_damaged_record_of_owners_are_applied_or_refused()
    {
        JsonObject good = Json.Of("{'metadata':{'name':'x'}}");
        ServerSideApply.Apply(good, Json.Of("{'spec':{'a':1,'ports':[{'port':80,'name':'h'}],'c':{'d':[1]}}}"), "a", "", force: false, Now);
        DamageJson(good.ToJsonString(), damaged =>
        {
            if (damaged is JsonObject target)
            {
                Refused<ApiException>(
                    () => ServerSideApply.Apply(target, Json.Of("{'spec':{'a':1,'ports':[{'port':80}]}}"), "a", "", force: false, Now), error => Assert.Equal(409, error.Code));
            }

            if (damaged is JsonObject configuration)
            {
                JsonObject fresh = (JsonObject)good.DeepClone();
                Refused<ApiException>(() => ServerSideApply.Apply(fresh, configuration, "b", "", force: true, Now), error => Assert.InRange(error.Code, 400, 499));
            }
        });
    }

    [Fact]
    public void A_damaged_selector_is_read_or_refused()
    {
        JsonObject pod = Json.Of("{'metadata':{'labels':{'app':'web'}}}");
        Damage("app=web,tier!=db,zone in (a,b),!x,y notin (c)", text =>
            Refused<ApiException>(() => LabelQuery.Parse(text).Matches(pod), error => Assert.Equal(400, error.Code)));
        Damage("metadata.name=a,spec.nodeName!=b", text =>
            Refused<ApiException>(() => FieldQuery.Parse(text).Matches(pod), error => Assert.Equal(400, error.Code)));
    }

    [Fact]
    public void A_damaged_definition_is_served_or_refused()
    {
        JsonObject policy = Json.Of("{'metadata':{'name':'x'},'spec':{'action':'DENY','rules':[{'from':[{'source':{'principals':['a']}}]}]}}");
        string definition = MeshDefinitions.Read().First(read => read["metadata"]!["name"]!.ToString().StartsWith("authorizationpolicies", StringComparison.Ordinal)).ToJsonString();
        DamageJson(
            definition,
            damaged =>
            {
                if (damaged is JsonObject fields)
                {
                    Refused<ApiException>(
                        () =>
                        {
                            foreach (ServedKind kind in CustomKind.Read(fields).Where(kind => kind.Schema is not null))
                            {
                                StructuralSchema.Check(kind.Schema!, (JsonObject)policy.DeepClone());
                            }
                        },
                        error => Assert.Equal(422, error.Code));
                }
            },
            inputs: 1000);
    }

    [Fact]
    public void A_damaged_column_path_finds_something_or_nothing()
    {
        JsonObject gateway = Json.Of("{'status':{'conditions':[{'type':'Ready','status':'True'}],'addresses':[{'value':'1'}]}}");
        Damage(".status.conditions[?(@.type==\"Ready\")].status .status.addresses[0].value", path => ColumnPath.Find(gateway, path)?.ToJsonString());
    }

    private static void Refused<TError>(Action act, Action<TError> check)
        where TError : Exception
    {
        try
        {
            act();
        }
        catch (TError error)
        {
            check(error);
        }
    }

    private static void DamageJson(string good, Action<JsonNode?> read, int inputs = Inputs) => Damage(
        good.Replace('\'', '"'),
        text =>
        {
            JsonNode? value;
            try
            {
                value = JsonNode.Parse(text, documentOptions: JsonAccess.Strict);
            }
            catch (JsonException)
            {
                return;
            }

            read(value);
        },
        inputs);

    private static void Damage(string good, Action<string> read, int inputs = Inputs)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(good);
        read(good);
        for (int input = 0; input < FuzzRounds.Scale(inputs); input++)
        {
            string text = Encoding.UTF8.GetString(Mutation.Of(bytes, new Random(input)));
            try
            {
                read(text);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"input {input}: {text}", error);
            }
        }
    }
}
