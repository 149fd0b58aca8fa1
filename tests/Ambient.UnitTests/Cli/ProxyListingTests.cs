using System.Text.Json;
using Ambient.Cli.ControlPlanes;
using Ambient.Cli.Dumps;
using Ambient.Cli.Output;
using Ambient.Testing;
using Ambient.UnitTests.Redirection;

namespace Ambient.UnitTests.Cli;

public sealed class ProxyListingTests
{
    private const int Rounds = 300;

    private const string Page = """
        {"newest":{"address":40,"authorization":7},"proxies":[
          {"id":"ztunnel~1~in-step.istio-system~x","kind":"ztunnel","name":"in-step","namespace":"istio-system","node":"node-a","version":"1.30","connectedSince":"2026-11-21T23:58:57+00:00",
           "types":[{"type":"address","onDemand":false,"sent":40,"accepted":40,"behind":0,"refusals":0,"lastRefusal":""},{"type":"authorization","onDemand":false,"sent":7,"accepted":7,"behind":0,"refusals":0,"lastRefusal":""}]},
          {"id":"ztunnel~1~refuses.istio-system~x","kind":"ztunnel","name":"refuses","namespace":"istio-system","node":"node-b","version":"1.29","connectedSince":"2026-11-20T20:00:00+00:00",
           "types":[{"type":"address","onDemand":true,"sent":40,"accepted":40,"behind":0,"refusals":0,"lastRefusal":""},{"type":"authorization","onDemand":false,"sent":7,"accepted":7,"behind":0,"refusals":3,"lastRefusal":"unknown scope"}]},
          {"id":"ztunnel~1~slow.istio-system~x","kind":"ztunnel","name":"slow","namespace":"istio-system","node":"node-c","version":"1.30","connectedSince":"2026-11-21T20:01:00+00:00",
           "types":[{"type":"address","onDemand":false,"sent":40,"accepted":31,"behind":9,"refusals":0,"lastRefusal":""}]},
          {"id":"ztunnel~1~new.istio-system~x","kind":"ztunnel","name":"new","namespace":"istio-system","node":"node-d","version":"1.30","connectedSince":"2026-11-22T00:00:00+00:00","types":[]}]}
        """;

    private static readonly DateTimeOffset Now = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("table")]
    [InlineData("wide")]
    public void Those_that_are_furthest_behind_come_first_then_those_that_refuse(string format)
    {
        using JsonDocument page = JsonDocument.Parse(Page);
        using StringWriter output = new();

        ListingWriter.Write(output, ProxyListing.Read(page.RootElement, Now), OutputOption.Parse(format));

        GoldenText.Verify($"cli/proxy-status-{format}.txt", output.ToString());
    }

    [Fact]
    public void Changed_answers_are_listed_and_described_without_failing()
    {
        Random random = new(5);
        int listed = 0;
        for (int round = 0; round < FuzzRounds.Scale(Rounds); round++)
        {
            JsonElement? page = Parse(Mutation.Of(Page, random, ["null", "[]", "{}", "-1", "1e400", "\"x\"", "99999999999999999999", "\"\\u001b\""]));
            if (page is not { } answer)
            {
                continue;
            }

            listed++;
            using StringWriter output = new();
            ListingWriter.Write(output, ProxyListing.Read(answer, Now), OutputFormat.Wide);
            LiveState state = new(answer, 0);
            Assert.False(state.IsLive);
            Assert.NotEmpty(state.Describe());
            Assert.True(output.ToString().All(character => character == '\n' || !char.IsControl(character)), $"round {round}");
        }

        Assert.True(listed > Rounds / 20, $"{listed} of {Rounds} changed answers were JSON");
    }

    private static JsonElement? Parse(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.IsUnicode() ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
