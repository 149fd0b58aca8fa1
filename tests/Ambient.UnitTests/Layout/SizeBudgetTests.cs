using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ambient.UnitTests.Layout;

/// <summary>The budgets that keep a connection followable: small files, short methods, one type a file.</summary>
public sealed class SizeBudgetTests
{
    private const int FileLineLimit = 500;
    private const int MethodLineLimit = 80;

    /// <summary>Share of production files that may exceed the 300-line aim, and of methods that may exceed the 40-line aim.</summary>
    private const double OverAimShare = 0.05;

    [Fact]
    public void No_file_is_longer_than_the_limit_and_few_are_longer_than_the_aim()
    {
        List<(string File, int Lines)> files =
            [.. RepositoryTree.SourceFiles.Select(file => (RepositoryTree.Relative(file), File.ReadLines(file).Count()))];

        (string, int)[] tooLong = [.. files.Where(file => file.Lines > FileLineLimit)];

        Assert.Empty(tooLong);
        AssertFewOver(files.Where(file => IsProduction(file.File)).Select(file => (file.File, file.Lines)), aim: 300);
    }

    [Fact]
    public void No_method_is_longer_than_the_limit_and_few_are_longer_than_the_aim()
    {
        List<(string Method, int Lines)> methods = [.. RepositoryTree.SourceFiles.SelectMany(Methods)];

        (string, int)[] tooLong = [.. methods.Where(method => method.Lines > MethodLineLimit)];

        Assert.Empty(tooLong);
        AssertFewOver(methods.Where(method => IsProduction(method.Method)), aim: 40);
    }

    [Fact]
    public void A_file_holds_one_type_and_is_named_after_it()
    {
        List<string> offences = [];
        foreach (string file in RepositoryTree.SourceFiles)
        {
            SyntaxNode root = CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot();
            List<string> types = [.. root.DescendantNodes(IsTypeContainer).Where(IsTopLevelType).Select(TypeName)];
            if (types.Count > 1 || (types.Count == 1 && types[0] != Path.GetFileNameWithoutExtension(file).Split('.')[0]))
            {
                offences.Add($"{RepositoryTree.Relative(file)}: {string.Join(", ", types)}");
            }
        }

        Assert.Empty(offences);
    }

    [Fact]
    public void Native_calls_live_only_in_interop_folders()
    {
        IEnumerable<string> offences = RepositoryTree.SourceFiles
            .Where(file => IsProduction(RepositoryTree.Relative(file)) && !file.Contains("/Interop/", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file) is string text
                && (text.Contains("[LibraryImport", StringComparison.Ordinal) || text.Contains("[DllImport", StringComparison.Ordinal)))
            .Select(RepositoryTree.Relative);

        Assert.Empty(offences);
    }

    [Fact]
    public void No_source_file_defers_work_in_a_comment()
    {
        string[] markers = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception", "REVIEW" + ":"];

        Assert.Empty(RepositoryTree.SourceFiles
            .Where(file => File.ReadAllText(file) is string text && markers.Any(marker => text.Contains(marker, StringComparison.Ordinal)))
            .Select(RepositoryTree.Relative));
    }

    private static void AssertFewOver(IEnumerable<(string Name, int Lines)> measured, int aim)
    {
        List<(string Name, int Lines)> all = [.. measured];
        List<(string Name, int Lines)> over = [.. all.Where(item => item.Lines > aim).OrderByDescending(item => item.Lines)];

        Assert.True(over.Count <= Math.Max(1, all.Count * OverAimShare), $"{over.Count} of {all.Count} exceed {aim} lines: {string.Join("; ", over)}");
    }

    private static bool IsProduction(string relative) =>
        !relative.StartsWith("tests/", StringComparison.Ordinal) && !relative.StartsWith("bench/", StringComparison.Ordinal);

    private static IEnumerable<(string Method, int Lines)> Methods(string file)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot();
        foreach (BaseMethodDeclarationSyntax method in root.DescendantNodes().OfType<BaseMethodDeclarationSyntax>())
        {
            FileLinePositionSpan span = method.SyntaxTree.GetLineSpan(method.Span);
            string name = method is MethodDeclarationSyntax named ? named.Identifier.Text : method.Kind().ToString();
            yield return ($"{RepositoryTree.Relative(file)}:{name}", span.EndLinePosition.Line - span.StartLinePosition.Line + 1);
        }
    }

    private static bool IsTypeContainer(SyntaxNode node) => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax;

    private static bool IsTopLevelType(SyntaxNode node) => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax;

    private static string TypeName(SyntaxNode node) =>
        node is BaseTypeDeclarationSyntax type ? type.Identifier.Text : ((DelegateDeclarationSyntax)node).Identifier.Text;
}
