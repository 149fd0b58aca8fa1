using System.CommandLine;

namespace Ambient.Cli.Output;

/// <summary><c>-o table|wide|json|yaml</c>; <c>short</c> is the table, as in istioctl (control-plane-and-cni 9).</summary>
internal static class OutputOption
{
    private const string Short = "short";

    private static readonly string[] Names = ["table", "wide", "json", "yaml", Short];

    public static Option<string> Create()
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "table, wide (more columns), json, yaml, or short, which is the table.",
            DefaultValueFactory = _ => Names[0],
            HelpName = "FORMAT",
        };
        option.AcceptOnlyFromAmong(Names);
        return option;
    }

    public static OutputFormat Parse(string name) => name == Short ? OutputFormat.Table : Enum.Parse<OutputFormat>(name, ignoreCase: true);
}
