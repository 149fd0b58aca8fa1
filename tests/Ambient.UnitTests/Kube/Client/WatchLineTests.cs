using System.Text;
using System.Text.Json;
using Ambient.Kube.Client;
using Ambient.Testing;

namespace Ambient.UnitTests.Kube.Client;

public sealed class WatchLineTests
{
    [Theory]
    [InlineData("ADDED", WatchEventType.Added)]
    [InlineData("MODIFIED", WatchEventType.Modified)]
    [InlineData("DELETED", WatchEventType.Deleted)]
    public void The_object_may_stand_before_its_type(string word, WatchEventType type)
    {
        string line = $$"""{"extra":[1],"object":{{Thing.Text("a", "5")}},"type":"{{word}}"}""";

        WatchEvent<Thing> read = WatchLine.Parse(Encoding.UTF8.GetBytes(line), ThingJson.Default.Thing);

        Assert.Equal((type, "5", "a"), (read.Type, read.ResourceVersion, read.Object!.Metadata.Name));
    }

    [Fact]
    public void An_error_carries_what_the_server_said_and_when_to_come_back()
    {
        string line = """{"type":"ERROR","object":{"kind":"Status","code":429,"reason":"TooManyRequests","message":"later","details":{"retryAfterSeconds":3}}}""";

        KubernetesException error = Assert.Throws<KubernetesException>(() => WatchLine.Parse(Encoding.UTF8.GetBytes(line), ThingJson.Default.Thing));

        Assert.Equal((429, "TooManyRequests", TimeSpan.FromSeconds(3)), ((int)error.Code, error.Reason, error.RetryAfter));
        Assert.Contains("later", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"type":"ADDED","object":null}""")]
    [InlineData("""{"type":1,"object":{}}""")]
    [InlineData("""{"type":"ADDED","object":{}""")]
    [InlineData("""{"type":"ADDED","object":{}} {}""")]
    public void What_is_not_one_whole_event_is_an_error(string line) =>
        Assert.ThrowsAny<JsonException>(() => WatchLine.Parse(Encoding.UTF8.GetBytes(line), ThingJson.Default.Thing));

    [Fact]
    public void Bytes_changed_at_random_are_an_error_or_an_event_and_never_anything_else()
    {
        byte[][] good =
        [
            Encoding.UTF8.GetBytes(Thing.Event("ADDED", Thing.Text("a", "5", extra: ""","spec":{"x":[1,{"y":null}]}"""))),
            """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9","annotations":{"k8s.io/initial-events-end":"true"}}}}"""u8.ToArray(),
            """{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","details":{"retryAfterSeconds":3}}}"""u8.ToArray(),
        ];
        var random = new Random(77);
        int refused = 0;
        for (int round = 0; round < FuzzRounds.Scale(10_000); round++)
        {
            try
            {
                WatchLine.Parse(Mutation.Of(good[round % good.Length], random), ThingJson.Default.Thing);
            }
            catch (Exception error) when (error is JsonException or KubernetesException)
            {
                refused++;
            }
        }

        Assert.True(refused > 5000, $"{refused} refused");
    }
}
