using System.Text.Json.Nodes;
using Ambient.ApiServer;
using Ambient.ApiServer.Patching;

namespace Ambient.UnitTests.ApiServer;

public sealed class ServerSideApplyTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly JsonObject _target = Json.Of("{'apiVersion':'v1','kind':'Service','metadata':{'name':'web'}}");

    [Fact]
    public void A_field_that_its_manager_names_no_more_goes()
    {
        Apply("a", "{'spec':{'x':1,'y':2}}");
        Apply("a", "{'spec':{'x':1}}");

        Json.AssertSame("{'x':1}", _target["spec"]);
        Assert.Equal(["a"], Managers());
    }

    [Fact]
    public void A_field_that_another_manager_has_too_stays()
    {
        Apply("a", "{'spec':{'x':1,'y':2}}");
        Apply("b", "{'spec':{'y':2}}");
        Apply("a", "{'spec':{'x':1}}");

        Json.AssertSame("{'x':1,'y':2}", _target["spec"]);
    }

    [Fact]
    public void A_field_of_another_manager_is_a_conflict_that_names_both()
    {
        Apply("a", "{'spec':{'x':1}}");

        ApiException error = Assert.Throws<ApiException>(() => Apply("b", "{'spec':{'x':2}}"));

        Assert.Equal((409, "Conflict"), (error.Code, error.Reason));
        Assert.Contains("\"a\": .spec.x", error.Message, StringComparison.Ordinal);
        Json.AssertSame("{'x':1}", _target["spec"]);
    }

    [Fact]
    public void Force_takes_the_field_and_its_first_owner_loses_it()
    {
        Apply("a", "{'spec':{'x':1,'z':3}}");
        Apply("b", "{'spec':{'x':2}}", force: true);

        Json.AssertSame("{'x':2,'z':3}", _target["spec"]);
        ApiException error = Assert.Throws<ApiException>(() => Apply("a", "{'spec':{'x':1,'z':3}}"));
        Assert.Contains("\"b\": .spec.x", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_managers_may_say_the_same()
    {
        Apply("a", "{'spec':{'x':1}}");
        Apply("b", "{'spec':{'x':1}}");

        Assert.Equal(["a", "b"], Managers());
    }

    [Fact]
    public void Items_of_a_keyed_list_have_owners_of_their_own()
    {
        Apply("a", "{'status':{'conditions':[{'type':'A','status':'True'}]}}");
        Apply("b", "{'status':{'conditions':[{'type':'B','status':'True'}]}}");
        Apply("a", "{'status':{'conditions':[{'type':'A','status':'False'}]}}");

        Json.AssertSame("{'conditions':[{'type':'A','status':'False'},{'type':'B','status':'True'}]}", _target["status"]);

        Apply("b", "{'status':{}}");
        Json.AssertSame("{'conditions':[{'type':'A','status':'False'}]}", _target["status"]);
    }

    [Fact]
    public void The_status_of_a_manager_is_kept_apart_from_its_object()
    {
        Apply("a", "{'spec':{'x':1}}");
        Apply("a", "{'status':{'y':1}}", subresource: "status");
        Apply("a", "{'spec':{'x':2}}");

        Json.AssertSame("{'y':1}", _target["status"]);
        Json.AssertSame("{'x':2}", _target["spec"]);
    }

    [Fact]
    public void What_is_applied_again_unchanged_changes_nothing()
    {
        Apply("a", "{'metadata':{'labels':{'l':'1'}},'spec':{'x':[1,2]}}");
        JsonNode before = _target.DeepClone();

        ServerSideApply.Apply(_target, Json.Of("{'metadata':{'labels':{'l':'1'}},'spec':{'x':[1,2]}}"), "a", "", force: false, Now.AddHours(1));

        Assert.True(JsonNode.DeepEquals(before, _target));
    }

    [Fact]
    public void A_field_that_somebody_updates_is_theirs_from_then_on()
    {
        Apply("a", "{'spec':{'x':1,'y':1}}");
        JsonObject before = (JsonObject)_target.DeepClone();
        _target["spec"]!["x"] = 5;

        Ownership.Take(before, _target, "kubectl-edit", "", Now);

        ApiException error = Assert.Throws<ApiException>(() => Apply("a", "{'spec':{'x':1,'y':1}}"));
        Assert.Contains("\"kubectl-edit\": .spec.x", error.Message, StringComparison.Ordinal);
        Apply("a", "{'spec':{'y':2}}");
        Json.AssertSame("{'x':5,'y':2}", _target["spec"]);
    }

    [Fact]
    public void An_object_that_nobody_applies_has_no_record_of_owners()
    {
        JsonObject before = (JsonObject)_target.DeepClone();
        _target["spec"] = 1;

        Ownership.Take(before, _target, "kubectl-edit", "", Now);

        Assert.Empty(Managers());
    }

    [Fact]
    public void Whatever_one_manager_applies_in_turn_only_the_last_is_there()
    {
        for (int seed = 0; seed < 1000; seed++)
        {
            Random random = new(seed);
            JsonObject target = Json.Of("{'metadata':{'name':'web'}}");
            JsonObject last = [];
            for (int turn = 0; turn < 3; turn++)
            {
                last = new JsonObject { ["spec"] = RandomJson.Object(random) };
                ServerSideApply.Apply(target, (JsonObject)last.DeepClone(), "a", "", force: false, Now);
            }

            target.Remove("metadata");
            Assert.True(JsonNode.DeepEquals(Pruned(last), Pruned(target)), $"seed {seed}: {last.ToJsonString()} {target.ToJsonString()}");
        }
    }

    private void Apply(string manager, string configuration, bool force = false, string subresource = "") =>
        ServerSideApply.Apply(_target, Json.Of(configuration), manager, subresource, force, Now);

    private string[] Managers() =>
        [.. (_target["metadata"]!["managedFields"] as JsonArray ?? []).Select(entry => entry!["manager"]!.ToString()).Order(StringComparer.Ordinal)];

    // Whether an empty object or list is left where fields went is not said.
    private static JsonNode? Pruned(JsonNode? value)
    {
        switch (value)
        {
            case JsonObject fields:
                JsonObject kept = [];
                foreach ((string name, JsonNode? field) in fields)
                {
                    if (Pruned(field) is { } left and not JsonObject { Count: 0 } and not JsonArray { Count: 0 })
                    {
                        kept[name] = left;
                    }
                }

                return kept;
            default:
                return value?.DeepClone();
        }
    }
}
