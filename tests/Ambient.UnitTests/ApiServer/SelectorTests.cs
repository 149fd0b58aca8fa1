using System.Text.Json.Nodes;
using Ambient.ApiServer;
using Ambient.ApiServer.Selection;

namespace Ambient.UnitTests.ApiServer;

public sealed class SelectorTests
{
    private static readonly JsonObject Pod = Json.Of(
        "{'metadata':{'name':'web-1','namespace':'shop','labels':{'app':'web','tier':'front','empty':'','istio.io/dataplane-mode':'ambient'}},'spec':{'nodeName':'n1'},'status':{'phase':'Running'}}");

    [Theory]
    [InlineData("", true)]
    [InlineData("app=web", true)]
    [InlineData("app==web", true)]
    [InlineData("app = web", true)]
    [InlineData("app!=web", false)]
    [InlineData("none!=web", true)]
    [InlineData("app", true)]
    [InlineData("none", false)]
    [InlineData("!none", true)]
    [InlineData("! none", true)]
    [InlineData("!app", false)]
    [InlineData("empty=", true)]
    [InlineData("app in (web,api)", true)]
    [InlineData("app in (web, api),tier notin (back)", true)]
    [InlineData("app in(web)", true)]
    [InlineData("app notin (web)", false)]
    [InlineData("none notin (web)", true)]
    [InlineData("app=web,tier=back", false)]
    [InlineData("istio.io/dataplane-mode=ambient", true)]
    public void Labels_select_as_kubectl_writes_them(string selector, bool matches) => Assert.Equal(matches, LabelQuery.Parse(selector).Matches(Pod));

    [Theory]
    [InlineData("a b")]
    [InlineData("app in web")]
    [InlineData("app in (web")]
    [InlineData("app in ()x")]
    [InlineData("=web")]
    [InlineData("!")]
    [InlineData("app=a=b=c d")]
    public void A_label_selector_that_cannot_be_read_is_refused(string selector) =>
        Assert.Equal(400, Assert.Throws<ApiException>(() => LabelQuery.Parse(selector)).Code);

    [Fact]
    public void A_selector_with_too_many_requirements_is_refused() =>
        Assert.Contains("at most 100", Assert.Throws<ApiException>(() => LabelQuery.Parse(string.Join(',', Enumerable.Repeat("a", 101)))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("metadata.name=web-1", true)]
    [InlineData("metadata.name==web-1", true)]
    [InlineData("metadata.name!=web-1", false)]
    [InlineData("spec.nodeName=n1,status.phase!=Succeeded", true)]
    [InlineData("spec.nodeName=", false)]
    [InlineData("spec.nodeName!=", true)]
    public void Fields_select_pods_of_a_node(string selector, bool matches) => Assert.Equal(matches, FieldQuery.Parse(selector).Matches(Pod));

    [Fact]
    public void A_field_that_nobody_may_select_by_is_refused_and_the_others_are_named()
    {
        ApiException error = Assert.Throws<ApiException>(() => FieldQuery.Parse("spec.color=red"));

        Assert.Equal(400, error.Code);
        Assert.Contains("spec.nodeName", error.Message, StringComparison.Ordinal);
    }
}
