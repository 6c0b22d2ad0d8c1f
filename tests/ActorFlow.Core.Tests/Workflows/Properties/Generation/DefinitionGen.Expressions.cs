using System.Globalization;

namespace ActorFlow.Core.Tests.Workflows.Properties.Generation;

/// <summary>Expressions over what can be seen from a place; some of them throw.</summary>
internal sealed partial class DefinitionGen
{
    private Payload Output(Place place)
    {
        var site = new Site(place, null, place.InFanOut, place.InLoop, false);
        var told = place.Visible(null, false).Select(task => $"\"{task.Id}\":\"${{{{ [{Place.Reference(task.Id)}.status, {AttemptsOf(Place.Reference(task.Id))}] }}}}\"");
        return choice.Chance(50) ? Payload.Parse($"{{\"n\":{Leaf(site)},{string.Join(',', told)}}}") : Value(site, 2);
    }

    /// <summary>Any JSON value, with expressions in it.</summary>
    private Payload Value(Site site, int depth) => Payload.Parse(Json(site, depth));

    private Payload Object(Site site, int depth) => Payload.Parse($"{{\"n\":{Leaf(site)},\"v\":{Json(site, depth - 1)}}}");

    private string Json(Site site, int depth) => depth == 0 ? Leaf(site) : choice.Below(6) switch
    {
        0 => $"[{string.Join(',', Enumerable.Range(0, choice.Below(3)).Select(_ => Json(site, depth - 1)))}]",
        1 or 2 => $"{{\"n\":{Leaf(site)},\"v\":{Json(site, depth - 1)}}}",
        3 => $"\"is ${{{{ {Number(site, 1)} }}}} and ${{{{ {Condition(site)} }}}}\"",
        _ => Leaf(site),
    };

    private string Leaf(Site site) => choice.Below(8) switch
    {
        0 => choice.Below(5).ToString(CultureInfo.InvariantCulture),
        1 => "null",
        2 => $"\"${{{{ {Condition(site)} }}}}\"",
        3 or 4 when PickTask(site) is var (id, _) => $"\"${{{{ {choice.Pick($"{id}.output", $"{id}.error?.task", $"{id}.error?.type", $"{id}.error?.failures?.map(f => f.index)", $"{id}.status", $"{id}.output?.value")} }}}}\"",
        5 when site.InFanOut => "\"${{ item }}\"",
        _ => $"\"${{{{ {Number(site, 1)} }}}}\"",
    };

    private string Number(Site site, int depth)
    {
        switch (choice.Below(10))
        {
            case 0 when site.InFanOut:
                return choice.Pick("index", "index + 1", "item?.n ?? 7", "item");
            case 1 or 2 when site.InLoop:
                return choice.Pick("iteration", "iteration * 2");
            case 3:
                return choice.Pick("input.n", "input.xs.length", "input.missing?.n ?? 3");
            case 4 or 5 when depth > 0:
                return $"{Number(site, depth - 1)} + {Number(site, depth - 1)}";
            case 6:
                return choice.Below(5).ToString(CultureInfo.InvariantCulture);
        }

        if (PickTask(site) is not var (id, shape))
        {
            return choice.Pick("input.n", "1", "workflow.version");
        }

        return choice.Below(10) switch
        {
            0 => AttemptsOf(id),
            1 => $"{id}.output.n",
            2 when shape == Shape.Array => $"{id}.output.length",
            _ => shape == Shape.Array ? $"({id}.output?.length ?? 0)" : $"({id}.output?.n ?? 0)",
        };
    }

    // How often the elements of its own fan-out have been started so far is a matter of time.
    private string AttemptsOf(string reference) => taste.IsTimeless ? "1" : $"{reference}.attempts";

    private string Condition(Site site)
    {
        var task = PickTask(site);
        return choice.Below(10) switch
        {
            0 => "true",
            1 => "input.b",
            2 => $"{Number(site, 1)} >= {choice.Below(4)}",
            3 when site.InLoop => "iteration < 2",
            4 or 5 when task is var (id, _) => $"{id}.status {choice.Pick("==", "!=")} '{choice.Pick("completed", "completed", "failed", "skipped")}'",
            6 when task is var (id, _) => $"{id}.output?.b",
            7 when task is var (id, _) => $"{id}.output.n > 1",
            8 when task is var (id, _) => $"{id}.output?.value === true",
            _ => $"!({Number(site, 1)} > {choice.Below(4)})",
        };
    }

    private Payload Items(Site around)
    {
        var task = PickTask(around);
        return Payload.Parse(choice.Below(10) switch
        {
            0 => "[]",
            1 => "\"${{ input.none }}\"",
            2 => "\"${{ input.ys }}\"",
            3 or 4 => "\"${{ input.xs }}\"",
            5 when task is var (id, shape) => shape == Shape.Array ? $"\"${{{{ {id}.output }}}}\"" : $"\"${{{{ {id}.output?.xs }}}}\"",
            6 when task is var (id, _) => $"\"${{{{ {id}.output?.xs ?? [] }}}}\"",
            7 => "\"${{ input.n }}\"",
            _ => $"[1,{{\"n\":2}},{Leaf(around)}]",
        });
    }

    private string Delay(Site body) => choice.Below(8) switch
    {
        0 => "0s",
        1 => "2026-01-01T00:00:03.123Z",
        2 => "2025-12-31T00:00:00Z",
        3 => $"${{{{ {Number(body, 0)} }}}}s",
        4 => "${{ 'soon' }}",
        _ => Core.Definitions.Duration.ToText(choice.About(2)),
    };

    private (string Reference, Shape Shape)? PickTask(Site site)
    {
        var visible = site.Place.Visible(site.Task, site.SeesItself).ToList();
        if (visible.Count == 0)
        {
            return null;
        }

        var (id, shape) = choice.Pick(visible);
        return (Place.Reference(id), shape);
    }
}
