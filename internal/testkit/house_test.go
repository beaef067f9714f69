package testkit_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "kuulas.example/"

// root is the top of the checkout.
var root = filepath.Join("..", "..")

type listed struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
	Deps         []string
}

// packages lists the project's packages with what they import, without the module's name.
func packages(t *testing.T) map[string]listed {
	t.Helper()
	command := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports,Deps", "./...")
	command.Dir = root
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string]listed{}
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p listed
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		p.Imports, p.Deps = ours(p.Imports), ours(p.Deps)
		all[strings.TrimPrefix(p.ImportPath, module)] = p
	}
	return all
}

func ours(imports []string) []string {
	var kept []string
	for _, i := range imports {
		if rest, ok := strings.CutPrefix(i, module); ok {
			kept = append(kept, rest)
		}
	}
	return kept
}

// Why it exists: the direction of imports is what keeps one decision behind one door. A page
// that could import the store could show what nobody decided on.
func TestImportsGoInTheDirectionOfTheHouse(t *testing.T) {
	may := map[string][]string{ // a package -> all of ours that it may import
		"internal/record": {},
		"internal/paths":  {},
		"internal/seal":   {"internal/record"},
		"internal/access": {"internal/record"},
		"internal/store":  {"internal/record", "internal/seal"},
		"internal/i18n":   {"internal/record", "locales"},
		"internal/pdf":    {},
		"static":          {},
		"locales":         {},
		"views":           {"views/ui", "internal/i18n", "internal/paths", "internal/pdf", "static"},
		"views/ui":        {"internal/i18n", "internal/paths", "static"},
	}
	mayNot := map[string][]string{ // a package -> those that it must never import itself
		"web":               {"internal/store", "internal/access", "internal/standin", "internal/support", "internal/seal"},
		"internal/portal":   {"views", "web", "internal/auth"},
		"internal/acting":   {"internal/auth", "internal/portal", "views", "web"},
		"internal/delivery": {"internal/portal", "internal/auth", "views", "web"},
		"internal/auth":     {"internal/portal", "views", "web", "internal/access"},
		"internal/machine":  {"internal/store", "internal/access", "internal/auth", "views", "web"},
		"internal/archive":  {"internal/portal", "internal/access", "views", "web"},
	}
	all := packages(t)
	for name, allowed := range may {
		for _, i := range all[name].Imports {
			if !slices.Contains(allowed, i) {
				t.Errorf("%s imports %s", name, i)
			}
		}
	}
	for name, forbidden := range mayNot {
		for _, i := range all[name].Imports {
			if slices.Contains(forbidden, i) {
				t.Errorf("%s imports %s", name, i)
			}
		}
	}
	for _, must := range []string{"internal/record", "internal/access", "internal/store", "internal/portal", "web", "views", "cmd/kuulas"} {
		if _, ok := all[must]; !ok {
			t.Errorf("the house has no %s", must)
		}
	}
}

// Why it exists: a stand-in in the production program is an open door.
func TestProductionLinksNeitherStandInsNorSupport(t *testing.T) {
	all := packages(t)
	for program, forbidden := range map[string][]string{
		"cmd/kuulas":         {"internal/standin", "internal/support", "internal/testkit", "cmd/kuulas-demo/data"},
		"cmd/kuulas-staging": {"internal/standin", "internal/testkit", "cmd/kuulas-demo/data"},
		"cmd/kuulas-demo":    {"internal/testkit"},
	} {
		if len(all[program].Deps) == 0 {
			t.Errorf("%s links nothing of ours: is it there?", program)
		}
		for _, d := range all[program].Deps {
			if slices.Contains(forbidden, d) {
				t.Errorf("%s links %s", program, d)
			}
		}
	}
	for name, p := range all {
		if slices.Contains(p.Imports, "internal/testkit") {
			t.Errorf("%s imports testkit outside its tests", name)
		}
	}
}

func TestTheTopLevelHoldsTheHouseAndNothingElse(t *testing.T) {
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"cmd", "web", "views", "static", "locales", "internal", "testdata", "go.mod", "go.sum", "Makefile", "README.md", "bin"}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s is no part of the house", e.Name())
		}
	}
}

// Why it exists: files that fit in the head, functions that fit on a screen, and names that say
// something.
func TestFilesAndFunctionsStaySmall(t *testing.T) {
	forbidden := []string{"util", "utils", "common", "helpers", "helper", "models", "misc"}
	walk(t, false, func(path string, source []byte) {
		if slices.Contains(forbidden, strings.TrimSuffix(filepath.Base(path), ".go")) || slices.Contains(forbidden, filepath.Base(filepath.Dir(path))) {
			t.Errorf("%s: a name that says nothing", path)
		}
		if lines := strings.Count(string(source), "\n"); lines > 300 {
			t.Errorf("%s: %d lines, 300 at most", path, lines)
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				lines := set.Position(f.End()).Line - set.Position(f.Pos()).Line - 1
				if strings.HasSuffix(path, "_test.go") {
					lines -= tables(set, f) // a table of cases is data
				}
				if lines > 50 {
					t.Errorf("%s: %s has %d lines, 50 at most", path, f.Name.Name, lines)
				}
			}
		}
	})
}

// tables counts the lines of the outermost composite literals of a function.
func tables(set *token.FileSet, f *ast.FuncDecl) (lines int) {
	ast.Inspect(f, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if ok {
			lines += set.Position(literal.End()).Line - set.Position(literal.Pos()).Line
		}
		return !ok
	})
	return lines
}

// Why it exists: each of these writes to a page what nobody escaped.
func TestPagesEscapeEverything(t *testing.T) {
	bypasses := []string{"templ.Raw(", "templ.SafeURL(", "JSUnsafeFuncCall", "JSExpression", "template.HTML("}
	walk(t, true, func(path string, source []byte) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		for _, b := range bypasses {
			if strings.Contains(string(source), b) {
				t.Errorf("%s uses %s", path, b)
			}
		}
	})
}

// walk visits every Go file of the project; the generated pages only when asked.
func walk(t *testing.T, generated bool, visit func(path string, source []byte)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && path != root && (strings.HasPrefix(e.Name(), ".") || e.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if e.IsDir() || !strings.HasSuffix(path, ".go") || !generated && strings.HasSuffix(path, "_templ.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		visit(path, source)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
