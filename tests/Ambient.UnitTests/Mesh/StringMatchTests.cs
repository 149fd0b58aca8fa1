using Ambient.Mesh.Policies;

namespace Ambient.UnitTests.Mesh;

public class StringMatchTests
{
    [Theory]
    [InlineData(StringMatchKind.Exact, "abc", "abc", true)]
    [InlineData(StringMatchKind.Exact, "abc", "abcd", false)]
    [InlineData(StringMatchKind.Exact, "abc", "ABC", false)]
    [InlineData(StringMatchKind.Exact, "abc", "", false)]
    [InlineData(StringMatchKind.Exact, "", "", true)]
    [InlineData(StringMatchKind.Prefix, "ab", "abc", true)]
    [InlineData(StringMatchKind.Prefix, "bc", "abc", false)]
    [InlineData(StringMatchKind.Prefix, "ab", "", false)]
    [InlineData(StringMatchKind.Suffix, "bc", "abc", true)]
    [InlineData(StringMatchKind.Suffix, "ab", "abc", false)]
    [InlineData(StringMatchKind.Suffix, "bc", "", false)]
    [InlineData(StringMatchKind.Presence, "", "abc", true)]
    [InlineData(StringMatchKind.Presence, "", "", false)]
    public void Matches_as_the_table_says(StringMatchKind kind, string value, string input, bool matches) =>
        Assert.Equal(matches, new StringMatch(kind, value).Matches(input));
}
