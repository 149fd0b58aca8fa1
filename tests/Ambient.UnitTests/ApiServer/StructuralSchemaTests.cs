using System.Text.Json.Nodes;
using Ambient.ApiServer.Schemas;

namespace Ambient.UnitTests.ApiServer;

public sealed class StructuralSchemaTests
{
    [Theory]
    [InlineData("{'type':'string'}", "1", "spec.f: must be of type string")]
    [InlineData("{'type':'integer'}", "1.5", "spec.f: must be of type integer")]
    [InlineData("{'type':'boolean'}", "'true'", "spec.f: must be of type boolean")]
    [InlineData("{'type':'array','items':{'type':'string'}}", "['a',1]", "spec.f[1]: must be of type string")]
    [InlineData("{'type':'string','enum':['ALLOW','DENY']}", "'ALOW'", "spec.f: Unsupported value: \"ALOW\": supported values: \"ALLOW\", \"DENY\"")]
    [InlineData("{'type':'string','minLength':1}", "''", "spec.f: must be at least 1 characters long")]
    [InlineData("{'type':'string','maxLength':1}", "'ab'", "spec.f: may not be longer than 1")]
    [InlineData("{'type':'string','pattern':'^a+$'}", "'b'", "spec.f: must match '^a+$'")]
    [InlineData("{'type':'integer','minimum':1}", "0", "spec.f: must be at least 1")]
    [InlineData("{'type':'integer','maximum':65535}", "65536", "spec.f: must be at most 65535")]
    [InlineData("{'type':'array','maxItems':1}", "[1,2]", "spec.f: must have at most 1 items")]
    [InlineData("{'type':'array','minItems':1}", "[]", "spec.f: must have at least 1 items")]
    [InlineData("{'type':'object','required':['x'],'properties':{'x':{}}}", "{}", "spec.f.x: Required value")]
    [InlineData("{'type':'object','maxProperties':1,'additionalProperties':{}}", "{'a':1,'b':2}", "spec.f: must have at most 1 fields")]
    [InlineData("{'type':'object','minProperties':1,'additionalProperties':{}}", "{}", "spec.f: must have at least 1 fields")]
    [InlineData("{'type':'object','additionalProperties':{'type':'string'}}", "{'a':1}", "spec.f.a: must be of type string")]
    [InlineData("{'type':'string'}", "null", "spec.f: must not be null")]
    [InlineData("{'x-kubernetes-int-or-string':true}", "true", "spec.f: must be a whole number or a string")]
    public void Says_which_field_is_wrong_and_why(string schema, string value, string expected)
    {
        SchemaFindings findings = Check(schema, value);

        Assert.Equal([expected], findings.Causes.Select(cause => $"{cause.Field}: {cause.Message}"));
    }

    [Theory]
    [InlineData("{'type':'string','nullable':true}", "null")]
    [InlineData("{'x-kubernetes-int-or-string':true}", "'http'")]
    [InlineData("{'x-kubernetes-int-or-string':true}", "80")]
    [InlineData("{'type':'number'}", "1.5")]
    [InlineData("{'type':'integer'}", "9007199254740993")]
    [InlineData("{'type':'object','additionalProperties':true}", "{'a':1}")]
    [InlineData("{'type':'object','x-kubernetes-preserve-unknown-fields':true}", "{'a':1}")]
    [InlineData("{}", "[1,'a']")]
    public void Takes_what_the_schema_allows(string schema, string value)
    {
        SchemaFindings findings = Check(schema, value);

        Assert.Empty(findings.Causes);
        Assert.Empty(findings.Unknown);
    }

    [Fact]
    public void A_field_that_nobody_knows_is_named_with_its_path_and_dropped()
    {
        JsonObject value = Json.Of("{'metadata':{'name':'x'},'spec':{'rules':[{'form':[]},{'from':[]}]},'spce':{}}");
        JsonObject schema = Json.Of("{'type':'object','properties':{'spec':{'type':'object','properties':{'rules':{'type':'array','items':{'type':'object','properties':{'from':{'type':'array'}}}}}}}}");

        SchemaFindings findings = StructuralSchema.Check(schema, value);

        Assert.Equal(["spce", "spec.rules[0].form"], findings.Unknown.Order(StringComparer.Ordinal));
        Json.AssertSame("{'metadata':{'name':'x'},'spec':{'rules':[{},{'from':[]}]}}", value);
    }

    [Fact]
    public void Defaults_come_in_at_every_depth()
    {
        JsonObject value = Json.Of("{'spec':{'listeners':[{}]}}");
        JsonObject schema = Json.Of("{'type':'object','properties':{'spec':{'type':'object','properties':{'listeners':{'type':'array','items':{'type':'object','properties':{'routes':{'type':'object','default':{'namespaces':{}},'properties':{'namespaces':{'type':'object','properties':{'from':{'type':'string','default':'Same'}}}}}}}}}}}}");

        Assert.Empty(StructuralSchema.Check(schema, value).Causes);
        Json.AssertSame("{'spec':{'listeners':[{'routes':{'namespaces':{'from':'Same'}}}]}}", value);
    }

    [Theory]
    [InlineData("{'type':'string','pattern':'(','maxLength':'x','minLength':{}}")]
    [InlineData("{'type':7,'enum':3,'required':'x'}")]
    [InlineData("{'type':'string','pattern':'(?=a)b'}")]
    [InlineData("{'properties':[],'items':1,'additionalProperties':[]}")]
    public void A_schema_that_is_nonsense_harms_nobody(string schema)
    {
        Check(schema, "'abc'");
        Check(schema, "{'a':[1]}");
    }

    [Fact]
    public void An_object_that_is_nested_too_deep_is_refused()
    {
        JsonObject schema = Json.Of("{'type':'object','x-kubernetes-preserve-unknown-fields':true}");
        schema["properties"] = new JsonObject { ["spec"] = Nest(200, inner => new JsonObject { ["type"] = "array", ["items"] = inner }) };

        SchemaFindings findings = StructuralSchema.Check(schema, new JsonObject { ["spec"] = Nest(200, inner => new JsonArray(inner)) });

        Assert.Contains("nested more than", Assert.Single(findings.Causes).Message, StringComparison.Ordinal);
    }

    private static JsonNode Nest(int depth, Func<JsonNode, JsonNode> around)
    {
        JsonNode value = new JsonObject();
        for (int level = 0; level < depth; level++)
        {
            value = around(value);
        }

        return value;
    }

    private static SchemaFindings Check(string schema, string value) => StructuralSchema.Check(
        new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["spec"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["f"] = Json.Any(schema) } } } },
        new JsonObject { ["spec"] = new JsonObject { ["f"] = Json.Any(value) } });
}
